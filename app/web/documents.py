"""A form field that takes a JSON document, strictly: no NaN, no name twice, no stray characters."""

import json
import re
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import StopValidation

from app.kernel.errors import Invalid

LONGEST = 100_000
_SURROGATE = re.compile("[\ud800-\udfff]")


class DocumentField(TextAreaField):
    """A JSON document; its data is what the document says, None where it cannot be read."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text; it is read when the form is validated."""
        self.data = valuelist[0] if valuelist else ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None or isinstance(self.data, str):
            return self.data or ""
        return json.dumps(self.data, indent=2, ensure_ascii=False)

    def pre_validate(self, _form: Any) -> None:
        """Read the text, or say in which line reading ends."""
        if not self.data:
            raise StopValidation("A document is needed here.")
        if isinstance(self.data, str):
            try:
                self.data = read_json(self.data)
            except Unreadable as problem:
                raise StopValidation(str(problem)) from None

    def refuse(self, refusal: Invalid) -> None:
        """Say beside the field what is wrong, each complaint with the path that it is about."""
        found = [f"{e.field}: {e.message}" if e.field else e.message for e in refusal.errors]
        self.errors = [*self.errors, *(found or [refusal.sentence])]


class Unreadable(ValueError):
    """A text is not JSON that can be kept; says why in a sentence."""


def read_json(text: str) -> Any:
    """Return what a text says in JSON.

    :raises Unreadable: with a sentence for a person, if it is not JSON that can be kept
    """
    if len(text) > LONGEST:
        raise Unreadable(f"At most {LONGEST:,} characters fit here.")
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
        kept = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise Unreadable(f"This is not JSON: it cannot be read from {where} on.") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("A number in it is too large.") from None
    except RecursionError:
        raise Unreadable("This is nested too deeply.") from None
    if "\\u0000" in kept or _SURROGATE.search(kept):
        raise Unreadable("It has a character that no text may have.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Unreadable(f"“{twice[:40]}” is given twice in one place.")
    return dict(pairs)


def _refuse_constant(name: str) -> None:
    raise Unreadable(f"{name} is not a number.")
