"""Strict form fields whose complaints are sentences."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.fields import DateField, DecimalField, SelectField
from wtforms.validators import Length, Optional, StopValidation
from wtforms.widgets import TextInput

from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.web.choices import Offer, OfferWidget
from app.web.choices import SelectChoice as SelectChoice

_NUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PLAIN = re.compile(r"\d{1,16}(\.\d{1,4})?")


def tidy(value: str | None) -> str:
    """Return ``value`` without control characters and outer white space."""
    return _NUL.sub("", value or "").strip()


def required(message: str) -> Any:
    """Return a validator that answers an empty field with ``message`` and stops there."""

    def check(_form: Form, field: Field) -> None:
        if field.data in (None, "", []):
            if field.process_errors:  # something was given, and it was said what is wrong with it
                raise StopValidation
            field.errors = []
            raise StopValidation(message)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


class TextField(StringField):
    """One line of at most ``longest`` characters, tidied."""

    def __init__(
        self, label: str, validators: Any = (), *, longest: int = 120, **more: Any
    ) -> None:
        limit = Length(max=longest, message=f"At most {longest} characters.")
        super().__init__(label, [*validators, limit], filters=[tidy], **more)


class ProseField(TextAreaField):
    """Several lines of at most ``longest`` characters, tidied."""

    def __init__(
        self, label: str, validators: Any = (), *, longest: int = 2000, **more: Any
    ) -> None:
        limit = Length(max=longest, message=f"At most {longest} characters.")
        super().__init__(label, [*validators, limit], filters=[tidy], **more)


class DayField(DateField):
    """A calendar day; ``None`` where left empty."""

    def __init__(self, label: str, validators: Any = (), **more: Any) -> None:
        super().__init__(label, validators or [Optional()], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read an ISO day of a year with four digits."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            self.data = date.fromisoformat(text)
        except ValueError:
            raise ValueError("Give a day as year-month-day, such as 2026-03-31.") from None
        if not 1990 <= self.data.year <= 2200:
            raise ValueError("The year must lie between 1990 and 2200.")


class MoneyField(Field):
    """An amount in the currency of another field of the same form; its data is ``Money``."""

    widget = TextInput()

    def __init__(
        self,
        label: str,
        validators: Any = (),
        *,
        currency_field: str = "currency",
        currency: str = "",
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.currency_field, self.currency = currency_field, currency
        self.entered = ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.amount}" if isinstance(self.data, Money) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was entered; the currency is known only when the form is validated."""
        self.entered = (valuelist[0] if valuelist else "").strip().replace("\u00a0", "")
        self.data = self.entered or None

    def pre_validate(self, form: Any) -> None:
        """Turn what was entered into ``Money``."""
        if not self.entered:
            return
        text = self.entered.replace(" ", "").replace("'", "")
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        if not _PLAIN.fullmatch(text):
            raise StopValidation("Give an amount such as 1250.00, without a sign.")
        chosen = getattr(form, self.currency_field, None) if isinstance(form, Form) else None
        code = self.currency or (chosen.data if chosen is not None else "") or ""
        try:
            self.data = Money.of(text, code)
        except Invalid as refusal:
            raise StopValidation(refusal.sentence) from None


class RateField(DecimalField):
    """A percentage with at most six decimals; its data is the share (12.5 becomes 0.125)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a finite percentage."""
        text = (valuelist[0] if valuelist else "").strip().rstrip("%").strip()
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"\d{1,4}(\.\d{1,6})?", text):
            raise ValueError("Give a percentage such as 7.5, with at most six decimals.")
        self.data = Decimal(text) / 100

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{(self.data * 100).normalize():f}"


class ChoiceField(SelectField):
    """One of a list; anything else is refused with a sentence."""

    widget = OfferWidget()

    def __init__(
        self, label: str, validators: Any = (), *, choices: Any = None, **more: Any
    ) -> None:
        super().__init__(label, validators, choices=choices, **more)
        if isinstance(choices, Offer):
            self.choices = choices  # the library took a copy, which is written anew

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms hands it over
        """Refuse what is not on the list."""
        known = {str(self.coerce(value)) for value, *_ in self.iter_choices()}
        if str(self.data) not in known:
            raise ValidationError("Choose one of the list.")
