"""Values of a document: amounts in its grain, shares, quantities, times of service."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

from app.kernel.money import LARGEST_MINOR, decimals
from app.kernel.period import add_months
from app.kernel.reading import Node
from app.revenue.recognition.grain import PLACES_WITHOUT_CURRENCY, Grain
from app.revenue.recognition.span import Method, Remainder, Span

Nodes = dict[str, Node]
FINEST = 12
MOST_MONTHS = 1200
_MOST_COUNT = 10**15


@dataclass(frozen=True, slots=True)
class Scale:
    """Reads amounts into exact numbers of a document's grain."""

    grain: Grain

    def amount(self, node: Node, *, signed: bool = False) -> Fraction:
        """Return an amount that can be posted: no more decimals than its currency has."""
        value = self._decimal(node)
        currency = self.grain.currency
        allowed = PLACES_WITHOUT_CURRENCY if currency is None else decimals(currency)
        allowed = max(allowed, self.grain.places)
        if _places(value) > allowed:
            name = currency or "The document"
            raise node.refuse(f"{name} has {allowed} decimals; the amount has more.")
        return self._checked(node, value, signed=signed)

    def price(self, node: Node, *, signed: bool = False) -> Fraction:
        """Return a price or cost per unit, or an estimate: it may have more decimals."""
        return self._checked(node, self._decimal(node), signed=signed)

    def _decimal(self, node: Node) -> Decimal:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
            raise node.refuse('Write the amount as text, such as "1250.00".')
        try:
            found = Decimal(value)
        except (InvalidOperation, ValueError):
            raise node.refuse(f"“{str(value)[:40]}” is not an amount.") from None
        if not found.is_finite():
            raise node.refuse("An amount must be a finite number.")
        if found.adjusted() > len(str(LARGEST_MINOR)) or _places(found) > FINEST:
            raise node.refuse("The amount is too large or has too many decimals.")
        return found

    def _checked(self, node: Node, value: Decimal, *, signed: bool) -> Fraction:
        if value < 0 and not signed:
            raise node.refuse("It must not be negative.")
        units = self.grain.units(Fraction(value))
        if abs(units) > LARGEST_MINOR:
            raise node.refuse("The amount is too large.")
        return units


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= 0:
        return 0
    text = format(value, "f")
    return len(text.partition(".")[2].rstrip("0"))


def listed(keys: Nodes, name: str) -> list[Node]:
    """Return the members of a list that may be absent."""
    return members(keys[name]) if name in keys else []


def members(node: Node) -> list[Node]:
    """Return the members of a list; one thing alone stands for a list of it."""
    return node.items(least=0) if isinstance(node.value, list) else [node]


def share(node: Node) -> Fraction:
    """Return a share between 0 and 1, written as "0.1" or "10%"."""
    found = node.exact()
    if found > 1:
        raise node.refuse('A share between 0 and 1 is needed here, or a percentage such as "10%".')
    return found


def rate(node: Node) -> Fraction:
    """Return a rate, which can be above one where it is written as a percentage."""
    found = node.exact()
    if found > 1 and not (isinstance(node.value, str) and node.value.strip().endswith("%")):
        raise node.refuse('A rate above 1 is written as a percentage, such as "6%".')
    return found


def percent(node: Node) -> Fraction:
    """Return a share written as a number of per cent: 25 or "25%"."""
    found = node.exact()
    if not (isinstance(node.value, str) and node.value.strip().endswith("%")):
        if 0 < found < 1:
            told = str(node.value)[:40]
            raise node.refuse(f'“{told}” could be a share or a percentage: write "60%" or 60.')
        found /= 100
    if found > 1:
        raise node.refuse("At most 100 per cent is possible here.")
    return found


def quantity(node: Node, *, signed: bool = False) -> Fraction:
    """Return a number of units."""
    found = node.exact(least=-_MOST_COUNT if signed else 0)
    if abs(found) > _MOST_COUNT:
        raise node.refuse("The number is too large.")
    return found


def whole_months(node: Node) -> int:
    """Return a number of months of at least one."""
    months = node.whole(least=1)
    if months > MOST_MONTHS:
        raise node.refuse(f"At most {MOST_MONTHS} months are possible here.")
    return months


def day(node: Node) -> date:
    """Return a day that leaves room for the days around it."""
    found = node.day()
    if not date(1900, 1, 1) <= found <= date(2999, 12, 31):
        raise node.refuse("A day between 1900 and 2999 is needed here.")
    return found


def day_or_moment(node: Node) -> date | datetime:
    """Return a day, or a moment where a time of day is given."""
    if isinstance(node.value, str) and len(node.value) > len("2026-03-31"):
        found = node.moment()
        day(Node(found.date().isoformat(), node.path))
        return found
    return day(node)


SPAN_KEYS = ("start", "end", "until", "months", "remainder")


def span_of(node: Node, keys: Nodes, method: Method) -> Span:
    """Return the time of service of an object that has a start and one way to say its end.

    ``end`` is the last day, ``until`` the first day after; a moment is both.
    """
    if "start" not in keys:
        raise node.refuse("“start” is missing.")
    start = day_or_moment(keys["start"])
    until = _until(node, keys, start)
    remainder = Remainder.CUMULATIVE
    if "remainder" in keys:
        remainder = keys["remainder"].choice(Remainder)
    if isinstance(start, datetime) and isinstance(until, datetime):
        until = until.astimezone(start.tzinfo)
        if method is not Method.INSTANT:
            start, until = start.date(), _day_after(until)
    elif isinstance(start, datetime) or isinstance(until, datetime):
        raise node.refuse("Give start and end both as days, or both as moments.")
    if until <= start:
        last = keys.get("end") or keys.get("until") or node
        raise last.refuse("The end is before the start.")
    return Span(start, until, method, remainder)


def _until(node: Node, keys: Nodes, start: date | datetime) -> date | datetime:
    given = [name for name in ("end", "until", "months") if name in keys]
    if len(given) != 1:
        raise node.refuse("Give one of end (the last day), until (the first day after) or months.")
    if given == ["months"]:
        later = add_months(start, whole_months(keys["months"]))
        if isinstance(start, datetime):
            return datetime.combine(later, start.timetz())
        return later
    found = day_or_moment(keys[given[0]])
    if given == ["end"] and not isinstance(found, datetime):
        return found + timedelta(days=1)
    return found


def _day_after(moment: datetime) -> date:
    at_midnight = moment.time() == datetime.min.time()
    return moment.date() if at_midnight else moment.date() + timedelta(days=1)


def one_of(node: Node, keys: Nodes, *names: str) -> str:
    """Return which one of several members is given; exactly one must be."""
    given = [name for name in names if name in keys]
    if len(given) != 1:
        raise node.refuse(f"Give one of {', '.join(names)}.")
    return given[0]


def words(kind: type[StrEnum]) -> tuple[str, ...]:
    """Return the words of an enumeration."""
    return tuple(str(each) for each in kind)
