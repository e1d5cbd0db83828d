"""Two versions of a record side by side: what somebody else stored, and what was entered here."""

from collections.abc import Mapping
from typing import Any

from app.kernel.format import label
from app.web.forms import Form


def compared(form: Form, stored: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the fields that somebody else changed: label, stored now, entered here."""
    return [
        (form[name].label.text, _said(form[name], value), _said(form[name], form[name].data))
        for name, value in stored.items()
    ]


def _said(field: Any, value: Any) -> str:
    """Return a value as people read it: the word of a choice, yes or no, else itself."""
    if hasattr(field, "iter_choices"):
        words = {str(choice.value): choice.label for choice in field.iter_choices()}
        return str(words.get(str(value), label(value) if value else "–"))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value) if value not in (None, "") else "–"
