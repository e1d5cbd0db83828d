"""The small forms of what is decided and asked about a registration."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from app.deals.forms.fields import TicksField, words
from app.deals.rules import ASKABLE_FIELDS, FIELD_LABELS, ClosingCode
from app.kernel.errors import FieldError, Invalid
from app.web.fields import ChoiceField, ProseField, SelectChoice, required
from app.web.forms import Form


class ActForm(Form):
    """A form of one act; errors of the service's words go to this form's fields."""

    fields_of: ClassVar[Mapping[str, str]] = {}

    def refuse(self, refusal: Invalid) -> None:
        """Put each error beside the field of this form that it is about."""
        errors = [
            FieldError(self.fields_of.get(one.field, one.field), one.message, one.code)
            for one in refusal.errors
        ]
        super().refuse(Invalid(refusal.sentence, errors=errors))


class ApprovalForm(ActForm):
    """Approve, with a word to the partner."""

    approval_note = ProseField("Note to the partner", longest=1000)


class RejectionForm(ActForm):
    """Reject, with a code and a reason."""

    fields_of: ClassVar[Mapping[str, str]] = {"reason": "rejection_reason", "code": "closing_code"}
    closing_code = ChoiceField("Closing code", choices=words(ClosingCode, "Choose"), default="")
    rejection_reason = ProseField(
        "Reason, as the partner reads it", [required("Give the partner a reason.")]
    )

    def validate_closing_code(self, field: Any) -> None:
        """Want one of the codes."""
        if not field.data:
            raise ValidationError("Choose a closing code.")


class ReturnForm(ActForm):
    """Send back, naming what may be changed."""

    fields_of: ClassVar[Mapping[str, str]] = {"reason": "return_reason", "fields": "fields_asked"}
    fields_asked = TicksField(
        "What the partner may change",
        choices=[SelectChoice(name, FIELD_LABELS[name]) for name in ASKABLE_FIELDS],
    )
    return_reason = ProseField(
        "What you need, as the partner reads it", [required("Say what you need from the partner.")]
    )


class AppealForm(ActForm):
    """Ask for a second decision."""

    fields_of: ClassVar[Mapping[str, str]] = {"reason": "appeal_reason"}
    appeal_reason = ProseField(
        "Why the decision should be looked at again",
        [required("Say why the decision should be looked at again.")],
    )


class ExtensionForm(ActForm):
    """Ask for longer protection."""

    fields_of: ClassVar[Mapping[str, str]] = {"reason": "extension_why"}
    extension_why = ProseField(
        "Why more time is needed", [required("Say why more time is needed.")]
    )


class AnswerForm(ActForm):
    """Grant or refuse longer protection."""

    fields_of: ClassVar[Mapping[str, str]] = {"reason": "extension_answer"}
    granted = ChoiceField(
        "Answer",
        choices=[SelectChoice("yes", "Grant it"), SelectChoice("no", "Refuse it")],
        default="yes",
    )
    extension_answer = ProseField("Note, as the partner reads it")


class WithdrawalForm(ActForm):
    """Take a registration back."""

    withdrawal_reason = ProseField("Why", longest=1000)


class FileForm(ActForm):
    """Attach a file."""

    file = FileField("File", [FileRequired("Choose a file.")])
