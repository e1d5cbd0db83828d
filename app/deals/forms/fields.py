"""Fields that only the forms of registrations have."""

import re
from enum import StrEnum
from typing import Any

from wtforms import Field, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.kernel.format import label
from app.web.fields import SelectChoice

_QUANTITY = re.compile(r"\d{1,7}", re.ASCII)


def words(kind: type[StrEnum], empty: str = "") -> list[SelectChoice]:
    """Return the values of ``kind`` as a list to choose from, after an ``empty`` choice."""
    first = [SelectChoice("", empty)] if empty else []
    return [*first, *(SelectChoice(each.value, label(each)) for each in kind)]


class TicksField(SelectMultipleField):
    """Any number of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is not on the list."""
        known = {str(value) for value, *_ in self.iter_choices()}
        if not set(self.data or ()) <= known:
            raise ValidationError("Choose from the list.")


class QuantityField(Field):
    """A whole number of things; ``None`` where left empty."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number of at most seven digits."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            if not _QUANTITY.fullmatch(text):
                raise ValueError("Give a whole number such as 10.")
            self.data = int(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)
