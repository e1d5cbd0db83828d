"""The form of a registration: everything that a partner says, on one page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from wtforms import FieldList, FormField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from app.deals.forms.fields import QuantityField, TicksField, words
from app.deals.rules import (
    FIELD_LABELS,
    ConsentBasis,
    Content,
    DealSource,
    DealType,
    DeliveryModel,
    Help,
    LineContent,
)
from app.kernel.currencies import DECIMALS
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.kernel.money import Money
from app.web.choices import Offer, country_choices, currency_choices
from app.web.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    ProseField,
    SelectChoice,
    TextField,
    required,
)
from app.web.forms import VersionedForm

EMPTY_ROWS = 3
MOST_LINES = 50
OPTIONAL = frozenset(
    {"customer_address", "customer_city", "customer_tax_number", "customer_duns"}
    | {"customer_industry", "competitors", "help_wanted", "partner_reference"}
)
"""What need not be filled in even to submit."""


class LineForm(PlainForm):
    """One product line."""

    product = ChoiceField("Product", default="")
    quantity = QuantityField("Quantity")
    amount = MoneyField("Amount")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered in this row."""
        return not self.product.data and self.quantity.data is None and not self.amount.data


class RegistrationForm(VersionedForm):
    """Everything that a partner says in a registration, on one page."""

    title = TextField(FIELD_LABELS["title"], [required("Give the deal a title.")], longest=255)
    customer_name = TextField(
        FIELD_LABELS["customer_name"], [required("Name the company.")], longest=120
    )
    customer_domain = TextField(FIELD_LABELS["customer_domain"], longest=120)
    customer_country = ChoiceField(FIELD_LABELS["customer_country"], default="")
    customer_address = TextField(FIELD_LABELS["customer_address"], longest=160)
    customer_city = TextField(FIELD_LABELS["customer_city"], longest=80)
    customer_tax_number = TextField(FIELD_LABELS["customer_tax_number"], longest=32)
    customer_duns = TextField(FIELD_LABELS["customer_duns"], longest=16)
    customer_industry = TextField(FIELD_LABELS["customer_industry"], longest=80)
    contact_name = TextField(FIELD_LABELS["contact_name"], longest=120)
    contact_email = TextField(FIELD_LABELS["contact_email"], longest=254)
    consent_basis = ChoiceField(
        FIELD_LABELS["consent_basis"], choices=words(ConsentBasis, "Choose"), default=""
    )
    problem = ProseField(FIELD_LABELS["problem"], longest=2000)
    deal_type = ChoiceField(
        FIELD_LABELS["deal_type"], choices=words(DealType), default=DealType.NEW_BUSINESS.value
    )
    expected_close_on = DayField(FIELD_LABELS["expected_close_on"])
    source = ChoiceField(FIELD_LABELS["source"], choices=words(DealSource, "Choose"), default="")
    delivery_model = ChoiceField(
        FIELD_LABELS["delivery_model"], choices=words(DeliveryModel, "Choose"), default=""
    )
    competitors = TextField(FIELD_LABELS["competitors"], longest=200)
    help_wanted = TicksField(FIELD_LABELS["help_wanted"], choices=words(Help))
    partner_reference = TextField(FIELD_LABELS["partner_reference"], longest=64)
    currency = ChoiceField(
        FIELD_LABELS["currency"],
        choices=currency_choices(),
        default="",
    )
    lines = FieldList(
        FormField(LineForm), FIELD_LABELS["lines"], min_entries=EMPTY_ROWS, max_entries=MOST_LINES
    )

    def offer(self, products: Iterable[Any], locale: str) -> None:
        """Set the lists to choose from."""
        named = (SelectChoice(str(row.id), row.name, optgroup=row.family_name) for row in products)
        listed = Offer([SelectChoice("", "Choose a product"), *named])
        if self.customer_country is not None:
            self.customer_country.choices = country_choices(locale, "Choose")
        for entry in self.lines or ():
            entry.form.product.choices = listed

    def keep_only(self, names: Iterable[str]) -> None:
        """Take away every field that may not be changed."""
        kept = set(names)
        for field in fields(Content):
            if field.name not in kept:
                del self[field.name]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was entered; amounts are read in the form's currency."""
        for entry in self.lines or ():
            entry.form.amount.currency = self["currency"].data if "currency" in self else ""
        return bool(super().validate(extra_validators))

    def validate_lines(self, field: Any) -> None:
        """Refuse a row that says something but names no product."""
        for entry in field:
            if not entry.form.product.data and not entry.form.is_empty:
                entry.form.product.errors = ["Choose a product."]
                raise ValidationError("A row names no product.")

    def add_rows(self) -> None:
        """Offer three more empty rows."""
        listed = self.lines[0].form.product.choices
        for _ in range(min(EMPTY_ROWS, MOST_LINES - len(self.lines))):
            self.lines.append_entry().form.product.choices = listed

    def renew_key(self) -> None:
        """Carry a new key: this answer was no write, the next one will be."""
        self.idempotency_key.raw_data, self.idempotency_key.data = None, new_id().hex

    def refuse(self, refusal: Invalid) -> None:
        """Put each error beside its field, those of lines into their row."""
        beside = {inner.name: inner for entry in self.lines or () for inner in entry.form}
        rest = []
        rows = [entry for entry in self.lines or () if not entry.form.is_empty]
        for error in refusal.errors:
            field = beside.get(_renumbered(error.field, rows))
            if field is None:
                rest.append(error)
            else:
                field.errors = [*field.errors, error.message]
        if self.lines is not None:
            told = [text for text in self.lines.errors if isinstance(text, str)]
            self.lines.errors = [*told, *(entry.errors for entry in self.lines if entry.errors)]
        if rest or not refusal.errors:
            super().refuse(Invalid(refusal.sentence, errors=rest))

    def content(self, before: Content) -> Content:
        """Return ``before`` with what was entered in the fields of this form."""
        said = {
            field.name: _read(field.name, self[field.name].data)
            for field in fields(Content)
            if field.name in self._fields and field.name != "lines"
        }
        if self.lines is not None:
            said["lines"] = self._lines()
        return replace(before, **said)

    def _lines(self) -> tuple[LineContent, ...]:
        return tuple(
            LineContent(_id(row.product.data), row.quantity.data, _minor(row.amount.data))
            for row in (entry.form for entry in self.lines)
            if not row.is_empty
        )


def _renumbered(name: str, rows: Sequence[Any]) -> str:
    """Return the input that an error on the n-th filled line belongs to."""
    found = re.fullmatch(r"lines-(\d+)-(\w+)", name)
    if found is None or int(found[1]) >= len(rows):
        return name
    return f"{rows[int(found[1])].name}-{found[2]}"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError):
        return None


def _minor(amount: Any) -> int | None:
    return amount.minor if isinstance(amount, Money) else None


_KINDS: dict[str, type[StrEnum]] = {
    "consent_basis": ConsentBasis,
    "deal_type": DealType,
    "source": DealSource,
    "delivery_model": DeliveryModel,
}


def _read(name: str, value: Any) -> Any:
    if name in _KINDS:
        return _KINDS[name](value) if value else None
    return tuple(value or ()) if name == "help_wanted" else value


def entered(content: Content) -> dict[str, Any]:
    """Return ``content`` as the fields of the form hold it."""
    said: dict[str, Any] = {
        field.name: getattr(content, field.name)
        for field in fields(Content)
        if field.name not in (*_KINDS, "help_wanted", "lines")
    }
    said |= {name: getattr(content, name) or "" for name in _KINDS}
    said["help_wanted"] = list(content.help_wanted)
    said["lines"] = [_entered_line(line, content.currency) for line in content.lines]
    return said


def _entered_line(line: LineContent, currency: str) -> dict[str, Any]:
    amount = None
    if line.amount_minor and currency in DECIMALS:
        amount = Money(line.amount_minor, currency)
    return {"product": str(line.product_id or ""), "quantity": line.quantity, "amount": amount}
