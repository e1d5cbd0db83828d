"""Strict reading of JSON documents: every refusal names the path of the value at fault."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from app.kernel.currencies import DECIMALS
from app.kernel.errors import FieldError, Invalid
from app.kernel.money import Money

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
LONGEST = 200
_NO_OTHERS: Mapping[str, str] = MappingProxyType({})


class DocumentRefused(Invalid):
    """A document does not say what it must; the sentence begins with the path of the value."""

    code = "document.refused"


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and the path that leads to it."""

    value: object
    path: str

    def refuse(self, why: str) -> DocumentRefused:
        """Return the refusal of this value."""
        error = FieldError(field=self.path, message=why, code=DocumentRefused.code)
        where = f"{self.path}: " if self.path else ""  # the whole document has no path
        return DocumentRefused(f"{where}{why}", errors=(error,))

    def keys(
        self,
        needed: Iterable[str],
        optional: Iterable[str] = (),
        *,
        also: Mapping[str, str] = _NO_OTHERS,
    ) -> dict[str, "Node"]:
        """Return the members of an object that has all needed keys and no unknown one.

        ``also`` gives the key that each other name stands for, where that name is no key itself.
        Members are returned under their keys; their paths name what the document says.
        """
        needed = tuple(needed)
        known = (*needed, *optional)
        written = self._written(known, also)
        for key in needed:
            if key not in written:
                raise self.refuse(f"“{key}” is missing.")
        return {
            key: node for key, node in written.items() if node.value is not None or key in needed
        }

    def part(
        self, wanted: Collection[str], *, also: Mapping[str, str] = _NO_OTHERS
    ) -> dict[str, "Node"]:
        """Return those members of an object that are wanted, whatever else it holds."""
        if not isinstance(self.value, dict):
            raise self.refuse("An object with named values is needed here.")
        standing = {
            name: value
            for name, value in self.value.items()
            if name in wanted or also.get(name) in wanted
        }
        return Node(standing, self.path).keys((), wanted, also=also)

    def _written(self, known: tuple[str, ...], also: Mapping[str, str]) -> dict[str, "Node"]:
        """Return the members of an object by the keys that they stand for; none is unknown."""
        if not isinstance(self.value, dict):
            raise self.refuse("An object with named values is needed here.")
        found: dict[str, Node] = {}
        for name, value in self.value.items():
            key = name if name in known else also.get(name, name)
            if key not in known:
                raise self.refuse(f"“{name}” is not known here; known are {', '.join(known)}.")
            if key in found:
                raise self.refuse(f"“{key}” is there twice: “{name}” says it again.")
            found[key] = Node(value, f"{self.path}.{name}" if self.path else name)
        return found

    def items(self, least: int = 1) -> list["Node"]:
        """Return the members of a list."""
        if not isinstance(self.value, list):
            raise self.refuse("A list is needed here.")
        if len(self.value) < least:
            raise self.refuse(f"At least {least} is needed here.")
        return [Node(value, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("A text is needed here.")
        if len(self.value) > LONGEST:
            raise self.refuse(f"At most {LONGEST} characters fit here.")
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("true or false is needed here.")
        return self.value

    def whole(self, least: int = 0) -> int:
        """Return a whole number of at least ``least``."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < least:
            raise self.refuse(f"A whole number of at least {least} is needed here.")
        return self.value

    def choice(self, kind: type[E], among: Iterable[E] = ()) -> E:
        """Return one of the listed words."""
        return kind(self.word(*(str(each) for each in tuple(among) or tuple(kind))))

    def word(self, *allowed: str) -> str:
        """Return one of a few words; capitals, hyphens and underscores are read alike."""
        if isinstance(self.value, str):
            if self.value in allowed:
                return self.value
            wanted = plain_word(self.value)
            for word in allowed:
                if plain_word(word) == wanted:
                    return word
        raise self.refuse(f"One of {', '.join(allowed)} is needed here.")

    def exact(self, least: Fraction | int = 0) -> Fraction:
        """Return an exact number: a whole one, or a decimal, percentage or fraction as text."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, str, Decimal)):
            raise self.refuse('Write the number as text, such as "0.05" or "5%".')
        found = _number(str(self.value).strip())
        if found is None:
            raise self.refuse(f"“{str(self.value)[:40]}” is not a number.")
        if found < least:
            raise self.refuse(f"It must be at least {least}.")
        return found

    def amount(self, currency: str) -> int:
        """Return minor units of an amount given in major units, as text or a whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, str, Decimal)):
            raise self.refuse('Write the amount as text, such as "1250.00".')
        try:
            minor = Money.of(self.value, currency).minor
        except Invalid as refusal:
            raise self.refuse(refusal.sentence) from None
        if minor < 0:
            raise self.refuse("It must not be negative.")
        return minor

    def currency(self) -> str:
        """Return an ISO 4217 code."""
        if not isinstance(self.value, str) or self.value not in DECIMALS:
            raise self.refuse(f"“{str(self.value)[:40]}” is not a currency code.")
        return self.value

    def day(self) -> date:
        """Return a day written as 2026-03-31."""
        return self._parsed(date.fromisoformat, "A day such as 2026-03-31 is needed here.")

    def moment(self) -> datetime:
        """Return a moment with its offset, written as 2026-03-31T12:00:00+00:00."""
        why = "A moment with its offset, such as 2026-03-31T12:00:00+00:00, is needed here."
        found = self._parsed(datetime.fromisoformat, why)
        if found.tzinfo is None:
            raise self.refuse(why)
        return found

    def _parsed(self, parse: Callable[[str], T], why: str) -> T:
        if not isinstance(self.value, str):
            raise self.refuse(why)
        try:
            return parse(self.value)
        except ValueError:
            raise self.refuse(why) from None


def plain_word(word: str) -> str:
    """Return a word without what is read alike: capitals, hyphens, underscores and spaces."""
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def _number(text: str) -> Fraction | None:
    percent = text.endswith("%")
    try:
        if "/" in text:
            return Fraction(text)
        decimal = Decimal(text.removesuffix("%").strip())
    except (InvalidOperation, ValueError, ZeroDivisionError):
        return None
    if not decimal.is_finite() or abs(decimal.adjusted()) > LONGEST:
        return None
    return Fraction(decimal) / (100 if percent else 1)
