"""Forms along the chain: an order, a bill, a credit note, cash, a company of the vendor, a file."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from app.catalogue.forms import USUAL_CURRENCIES
from app.files.rules import safe_name
from app.kernel.errors import Broken
from app.kernel.money import Money
from app.revenue.rules import Entry
from app.revenue.rules.imports import ImportKind
from app.revenue.rules.reading import DayOrder, DecimalSign, Manner
from app.revenue.services import Booking, EntityFacts
from app.revenue.services.imports import Upload
from app.web.choices import country_choices, currency_choices, offer
from app.web.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    SelectChoice,
    TextField,
    required,
)
from app.web.forms import Form

_KINDS = (".csv", ".txt", ".tsv")


def _choices(**said: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in said.items()]


class BookingForm(Form):
    """What is said when an order is booked."""

    on = DayField("Booked on", [required("Give the day on which it was ordered.")])
    entity_id = ChoiceField("Sold by", [required("Choose who sells.")])
    customer_reference = TextField("Customer’s order number", longest=64)

    def offer(self, entities: Iterable[tuple[UUID, str]]) -> None:
        """Set the companies to choose from."""
        self.entity_id.choices = offer(entities)

    @property
    def said(self) -> Booking:
        """What was said."""
        return Booking(self.on.data, UUID(self.entity_id.data), self.customer_reference.data or "")


class PaperForm(Form):
    """An amount in the currency of the order, on a day."""

    amount = MoneyField("Amount", [required("Give the amount.")])
    on = DayField("Day", [required("Give the day.")])

    def in_currency(self, currency: str) -> "PaperForm":
        """Read and show the amount in ``currency``."""
        self.amount.currency = currency
        self.amount.label.text = f"Amount in {currency}"
        return self

    @property
    def entry(self) -> Entry:
        """What was said, once it was found good."""
        amount, on = self.amount.data, self.on.data
        if not isinstance(amount, Money) or on is None:
            raise Broken("a form was read before it was checked")
        due_on = self._fields["due_on"].data if "due_on" in self._fields else None
        reference = self._fields["reference"].data if "reference" in self._fields else ""
        return Entry(amount, on, due_on, reference or "")


class InvoiceForm(PaperForm):
    """A bill."""

    due_on = DayField("Due on", description="Thirty days later where left empty.")


class CreditNoteForm(PaperForm):
    """A credit note."""


class CashForm(PaperForm):
    """A payment or a refund."""

    reference = TextField("Bank reference", longest=64)


class EntityForm(Form):
    """A company of the vendor."""

    code = TextField("Code", [required("Give a short code.")], longest=12)
    name = TextField("Name", [required("Give its registered name.")], longest=120)
    country = ChoiceField("Country", [required("Choose its country.")])
    currency = ChoiceField("Currency of its books", default="EUR")
    street = TextField("Street", longest=160)
    postcode = TextField("Postcode", longest=16)
    city = TextField("City", longest=80)
    tax_number = TextField("Tax number", longest=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices(nothing="Choose")
        self.currency.choices = currency_choices(*USUAL_CURRENCIES)

    @property
    def facts(self) -> EntityFacts:
        """What was said."""
        names = ("code", "name", "country", "currency", "street", "city", "postcode", "tax_number")
        return EntityFacts(**{name: self._fields[name].data or "" for name in names})


class FileForm(Form):
    """A file to be read, and how its figures are written."""

    kind = ChoiceField(
        "What is in it",
        choices=_choices(payments="Payments and refunds", invoices="Invoices and credit notes"),
        default="payments",
    )
    file = FileField("File")
    decimal = ChoiceField(
        "Amounts",
        choices=_choices(point="1,234.50 (decimal point)", comma="1.234,50 (decimal comma)"),
        default="point",
    )
    days = ChoiceField(
        "Days",
        choices=_choices(
            iso="2026-03-31 (year first)",
            day_first="31.03.2026 (day first)",
            month_first="03/31/2026 (month first)",
        ),
        default="iso",
    )
    source = TextField("Source", [required("Name the system that wrote it.")], longest=40)

    def validate_file(self, field: Any) -> None:
        """Refuse what cannot be a table in text."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Choose a file.")
        if not field.data.filename.lower().endswith(_KINDS):
            raise ValidationError("Choose a CSV file; save other tables as CSV first.")

    @property
    def upload(self) -> Upload:
        """What was brought."""
        manner = Manner(DecimalSign(self.decimal.data), DayOrder(self.days.data))
        name, content = safe_name(self.file.data.filename), self.file.data.stream.read()
        return Upload(ImportKind(self.kind.data), name, content, self.source.data or "", manner)


class TakeForm(Form):
    """Which rows of a file are taken."""

    rows = ChoiceField(
        "Rows", choices=_choices(all="All rows", good="The good rows only"), default="all"
    )
