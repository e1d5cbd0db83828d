"""Forms of products, families and price lists."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, HiddenField
from wtforms.form import Form as PlainForm

from app.catalogue.rules import ListFacts, ProductFacts
from app.kernel.money import Money
from app.web.choices import currency_choices, offer
from app.web.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    TextField,
    required,
)
from app.web.forms import Form, VersionedForm

MOST_LINES = 500
USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF")


class FamilyForm(Form):
    """A family of products."""

    code = TextField("Code", [required("Give a short code.")], longest=20)
    name = TextField("Name", [required("Give the family a name.")], longest=80)


class ProductForm(VersionedForm):
    """A product."""

    code = TextField("Code", [required("Give a short code.")], longest=40)
    name = TextField("Name", [required("Give the product a name.")], longest=120)
    family_id = ChoiceField("Family", [required("Choose a family.")])
    is_active = BooleanField("Sold today", default=True)

    def offer(self, families: Iterable[tuple[UUID, str]]) -> None:
        """Set the families to choose from."""
        self.family_id.choices = offer(families, "Choose a family")

    @property
    def facts(self) -> ProductFacts:
        """What was said."""
        return ProductFacts(
            self.code.data or "", self.name.data or "", UUID(self.family_id.data),
            bool(self.is_active.data),
        )  # fmt: skip


class PriceLine(PlainForm):
    """The price of one product; left empty where the list does not name it."""

    product_id = HiddenField()
    unit = MoneyField("Unit price", currency="EUR")


class ListForm(Form):
    """A price list with a line for each product."""

    name = TextField("Name", [required("Give the list a name.")], longest=80)
    currency = ChoiceField("Currency", default="EUR")
    valid_from = DayField("Valid from", [required("Give the first day.")])
    prices = FieldList(FormField(PriceLine), max_entries=MOST_LINES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency.choices = currency_choices(*USUAL_CURRENCIES)

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every price in the currency of the list."""
        for line in self.prices:
            line.form.unit.currency = self.currency.data or ""
        return bool(FlaskForm.validate(self, extra_validators))

    def facts(self, known: set[UUID]) -> ListFacts:
        """Return what was said of the products in ``known``; others are left out."""
        prices = {
            UUID(line.form.product_id.data): line.form.unit.data.minor
            for line in self.prices
            if isinstance(line.form.unit.data, Money) and _is_known(line.form.product_id, known)
        }
        day = self.valid_from.data or date.min
        return ListFacts(self.name.data or "", self.currency.data, day, prices)


def _is_known(field: Any, known: set[UUID]) -> bool:
    return field.data in {str(one) for one in known}
