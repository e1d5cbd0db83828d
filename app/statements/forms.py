"""The small forms of runs, payouts, corrections and disputes."""

from app.web.fields import MoneyField, ProseField, TextField, required
from app.web.forms import Form


class ReviewForm(Form):
    """Put a period before a second person, with a word on it."""

    note = ProseField("Note to the reviewer", longest=1000)


class ReturnForm(Form):
    """Send a period back."""

    reason = ProseField("What has to be put right", [required("Say what has to be put right.")])


class FailureForm(Form):
    """Why the bank sent a payout back."""

    reason = TextField(
        "Why the bank sent it back", [required("Say why the bank sent it back.")], longest=200
    )


class CorrectionForm(Form):
    """What a corrected statement corrects."""

    reason = ProseField("What is corrected", [required("Say what is corrected.")], longest=500)


class DisputeForm(Form):
    """Object to a line."""

    reason = ProseField("What is wrong with it", [required("Say what is wrong with this line.")])
    expected = MoneyField("Amount you expect", [required("Give the amount that you expect.")])


class MessageForm(Form):
    """Write to the other side."""

    message = ProseField("Message", [required("Write a message.")])


class AcceptanceForm(Form):
    """Accept a dispute, in full or with another amount."""

    decision = ProseField("Decision, as the partner reads it", [required("Write the decision.")])
    granted = MoneyField("Right amount, where it is another than expected")


class RefusalForm(Form):
    """Decline a dispute."""

    refusal = ProseField("Reason, as the partner reads it", [required("Write the reason.")])
