"""The form that supposes a deal: one of the reader's open opportunities, or an amount."""

from collections.abc import Iterable
from uuid import UUID

from app.incentives.forms.plan import USUAL_CURRENCIES, TicksField
from app.kernel.format import label
from app.web.choices import offer
from app.web.fields import ChoiceField, MoneyField, SelectChoice
from app.web.forms import Form

SUPPOSED = ("registered", "sourced", "influenced", "fulfilled")


class WhatIfForm(Form):
    """What is supposed; sent by address, so that the answer can be looked at again."""

    class Meta:
        """A question changes nothing, so that it carries no token."""

        csrf = False

    opportunity_id = ChoiceField("Open opportunity", default="")
    amount = MoneyField("Amount")
    currency = ChoiceField(
        "Currency", choices=[SelectChoice(code, code) for code in USUAL_CURRENCIES], default="EUR"
    )
    routes = TicksField("Your part in it", choices=[SelectChoice(r, label(r)) for r in SUPPOSED])

    def offer(self, opportunities: Iterable[tuple[UUID, str]]) -> None:
        """List the opportunities to choose from."""
        self.opportunity_id.choices = offer(opportunities, "Another deal")
