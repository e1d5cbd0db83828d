"""Forms of an opportunity: start, edit, lines, stage, forecast, participants, notes."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from wtforms import FieldList, FormField, IntegerField, ValidationError
from wtforms import Form as PlainForm

from app.kernel.format import label
from app.kernel.money import Money
from app.pipeline.rules import (
    LONGEST_NOTE,
    LONGEST_STEP,
    LONGEST_TITLE,
    MOST_QUANTITY,
    OVERRIDES,
    ForecastCategory,
    Line,
    LossReason,
    ParticipantRole,
    Stage,
    Step,
    Terms,
)
from app.web.choices import currency_choices, offer
from app.web.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    ProseField,
    SelectChoice,
    TextField,
    required,
)
from app.web.forms import Form, VersionedForm

Choices = Iterable[tuple[UUID, str]]
SPARE_LINES = 3


def _labels(kinds: Iterable[Any]) -> list[SelectChoice]:
    return [SelectChoice(kind.value, label(kind)) for kind in kinds]


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


class _Said:
    """The fields that starting and editing share."""

    title = TextField("Title", [required("Give it a title.")], longest=LONGEST_TITLE)
    amount = MoneyField("Amount", [required("Give an amount; 0 where none is known yet.")])
    close_on = DayField("Expected close")
    decision_on = DayField("Customer decides on")
    next_step = TextField("Next step", longest=LONGEST_STEP)
    problem = ProseField("Customer’s problem", longest=2000)
    family_id = ChoiceField("Product family", default="")
    owner_id = ChoiceField("Owner", default="")

    def offer(self, families: Choices, owners: Choices) -> None:
        """Set the lists to choose from."""
        self.family_id.choices = offer(families, "Not known yet")
        self.owner_id.choices = offer(owners, "Nobody yet")

    @property
    def terms(self) -> Terms:
        """What was said."""
        return Terms(
            title=self.title.data or "",
            amount=self.amount.data,
            close_on=self.close_on.data,
            decision_on=self.decision_on.data,
            next_step=self.next_step.data or "",
            problem=self.problem.data or "",
            family_id=_id(self.family_id.data),
            owner_id=_id(self.owner_id.data),
        )


class StartForm(_Said, Form):
    """Start an opportunity that no partner registered."""

    account_id = ChoiceField("Customer", default="")
    currency = ChoiceField("Currency", choices=currency_choices(), default="EUR")

    def offer_accounts(self, accounts: Choices) -> None:
        """Set the customers to choose from."""
        self.account_id.choices = offer(accounts, "Choose a customer")

    def validate_account_id(self, field: Any) -> None:
        """Refuse no customer."""
        if not field.data:
            raise ValidationError("Choose the customer.")


class EditForm(_Said, VersionedForm):
    """Change what an opportunity says; its currency stays."""


class QuantityField(IntegerField):
    """A whole number from 1."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read digits only."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,7}", text) or not 0 < int(text) <= MOST_QUANTITY:
            raise ValueError(f"Give a whole number from 1 to {MOST_QUANTITY}.")
        self.data = int(text)


class LineForm(PlainForm):
    """One product; a row left empty is no line."""

    product_id = ChoiceField("Product", default="")
    quantity = QuantityField("Quantity")
    amount = MoneyField("Amount")

    def validate_product_id(self, field: Any) -> None:
        """Refuse a row that has figures but no product."""
        if not field.data and (self.quantity.data or self.amount.entered):
            raise ValidationError("Choose a product.")

    def validate_quantity(self, field: Any) -> None:
        """Refuse a product without a quantity."""
        if self.product_id.data and field.data is None:
            raise ValidationError("Give a quantity of at least 1.")

    def validate_amount(self, field: Any) -> None:
        """Refuse a product without an amount."""
        if self.product_id.data and not isinstance(field.data, Money):
            raise ValidationError("Give an amount.")


class LinesForm(VersionedForm):
    """The products of an opportunity."""

    lines = FieldList(FormField(LineForm), "Products")

    def offer(self, products: Choices, currency: str, *, spare: int = 0) -> None:
        """Set the products to choose from and the currency of the amounts; add empty rows."""
        for _ in range(spare):
            self.lines.append_entry()
        listed = offer(products, "–")
        for entry in self.lines:
            entry.form.product_id.choices = listed
            entry.form.amount.currency = currency

    @property
    def said(self) -> list[Line]:
        """The lines that were entered."""
        rows = [entry.form for entry in self.lines]
        return [
            Line(UUID(row.product_id.data), row.quantity.data or 0, row.amount.data.minor)
            for row in rows
            if row.product_id.data
        ]


class StageForm(Form):
    """Move an opportunity to another stage."""

    stage = ChoiceField("Stage", choices=_labels(Stage))
    loss_reason = ChoiceField("Why it was lost", default="")
    reason = ProseField("Reason", longest=1000)

    def offer(self, current: Stage) -> None:
        """Set the stages that can be chosen: every one but the current."""
        self.stage.choices = _labels(stage for stage in Stage if stage is not current)
        self.loss_reason.choices = [SelectChoice("", "Not lost"), *_labels(LossReason)]

    @property
    def step(self) -> Step:
        """The move that is asked for."""
        lost = LossReason(self.loss_reason.data) if self.loss_reason.data else None
        return Step(Stage(self.stage.data), self.reason.data or "", lost)


class ForecastForm(Form):
    """Forecast an opportunity otherwise than its stage says."""

    category = ChoiceField("Forecast category", choices=_labels(OVERRIDES))
    reason = TextField("Reason", longest=LONGEST_STEP)

    @property
    def chosen(self) -> ForecastCategory:
        """The category chosen."""
        return ForecastCategory(self.category.data)


class InviteForm(Form):
    """Ask a partner to take part."""

    partner_id = ChoiceField("Partner", default="")
    role = ChoiceField("Role", choices=_labels(ParticipantRole), default="co_sell")

    def offer(self, partners: Choices) -> None:
        """Set the partners to choose from."""
        self.partner_id.choices = offer(partners, "Choose a partner")

    def validate_partner_id(self, field: Any) -> None:
        """Refuse no partner."""
        if not field.data:
            raise ValidationError("Choose a partner.")


class NoteForm(Form):
    """A note."""

    text = ProseField("Note", [required("Write something first.")], longest=LONGEST_NOTE)

    @property
    def said(self) -> str:
        """What was written."""
        return self.text.data or ""


class StepForm(Form):
    """The next step."""

    next_step = TextField("Next step", [required("Name the next step.")], longest=LONGEST_STEP)

    @property
    def said(self) -> str:
        """What was named."""
        return self.next_step.data or ""


def rows_of(lines: Sequence[Any], currency: str) -> list[dict[str, Any]]:
    """Return product lines as a form shows them."""
    return [
        {
            "product_id": str(line.product_id),
            "quantity": line.quantity,
            "amount": Money(line.amount_minor, currency),
        }
        for line in lines
    ]
