"""Forms of attribution: the next policy, a touch."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from uuid import UUID

from app.attribution.rules import SOURCING, TouchKind
from app.kernel.format import label
from app.web.choices import offer
from app.web.documents import DocumentField
from app.web.fields import ChoiceField, DayField, ProseField, SelectChoice, required
from app.web.forms import Form


class PolicyForm(Form):
    """The next version of the policy, as a document."""

    document = DocumentField("Policy", [required("Write the policy.")])


class TouchForm(Form):
    """What a partner did, when, and how one can tell."""

    partner_id = ChoiceField("Partner", default="")
    kind = ChoiceField(
        "What was done",
        choices=[SelectChoice(k.value, label(k)) for k in TouchKind if k not in SOURCING],
        default=TouchKind.INTRODUCTION.value,
    )
    on = DayField("Day", [required("Give the day.")])
    evidence = ProseField("Evidence", [required("Say how one can tell.")], longest=500)

    def offer(self, partners: Iterable[tuple[UUID, str]]) -> None:
        """List the partners to choose from."""
        self.partner_id.choices = offer(partners)

    def moment(self, won_at: datetime | None, now: datetime) -> datetime:
        """Return noon of the day, or the win or now where those came first."""
        on = self.on.data or now.date()
        noon = datetime.combine(on, time(12), UTC)
        ends = [end for end in (won_at, now) if end is not None and end.date() == on]
        return min([noon, *ends])
