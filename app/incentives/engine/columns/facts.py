"""Facts as columns: whole numbers, and words by code."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np

from app.incentives.engine.columns.arrays import NONE, Ints
from app.incentives.engine.columns.people import People, people_of
from app.incentives.engine.facts import Block, CreditedEvent, ExchangeRate, Facts, PartnerFacts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ZONE = "zone"
DAYS = ("on", "ordered_on", "customer_since")
NUMBERS = (
    *DAYS, "minor", "credited_minor", "order_minor", "quantity", "margin_minor", "contract_months",
)  # fmt: skip
MOMENT = "recorded_at"
NEEDED = ("key", "kind", "partner_id", "order_id", "currency", "on", "minor", MOMENT)
_DEFAULTS = {each.name: each.default for each in fields(CreditedEvent)}


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of words: for each row a code, and for each code what it stands for (once)."""

    codes: Ints
    values: Sequence[Any]

    @classmethod
    def of(cls, words: Sequence[Hashable], *, in_order: bool = False) -> "Coded":
        """Return the column of some words, their dictionary in rising order where asked for."""
        known: dict[Any, int] = dict.fromkeys(words, 0)
        values = sorted(known) if in_order else list(known)
        known = {value: code for code, value in enumerate(values)}
        codes = np.fromiter((known[each] for each in words), np.int32, len(words))
        return cls(codes, values)

    def at(self, row: int) -> Any:
        """Return the word of one row."""
        return self.values[int(self.codes[row])]


@dataclass(frozen=True, slots=True)
class FactColumns:
    """The facts of a calculation, a row for each record of an event, in any order.

    The columns bear the names of ``CreditedEvent``. ``numbers`` are ``on``, ``ordered_on`` and
    ``customer_since`` (days as ordinals), ``recorded_at`` (microseconds since 1970, UTC), and
    ``minor``, ``credited_minor``, ``order_minor``, ``quantity`` and ``margin_minor``; ``NONE``
    stands for a number that is not given. All others are ``coded``; the dictionary of ``key`` is
    in rising order. A column that is left out has the field's default in every row. ``zone``, also
    coded, is the offset from UTC in which a moment was recorded.

    :raises ValueError: if a column that is needed is missing, or one has another length
    """

    partners: tuple[PartnerFacts, ...]
    numbers: Mapping[str, Ints]
    coded: Mapping[str, Coded]
    rates: tuple[ExchangeRate, ...] = ()
    blocks: tuple[Block, ...] = ()
    _people: list[People] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        missing = [name for name in NEEDED if name not in self.numbers and name not in self.coded]
        if missing:
            raise ValueError(f"the column {missing[0]} is missing")
        sizes = {len(column) for column in self.numbers.values()}
        if len(sizes | {len(column.codes) for column in self.coded.values()}) > 1:
            raise ValueError("the columns are not equally long")

    def __len__(self) -> int:
        return len(self.numbers["on"])

    @property
    def people(self) -> People:
        """The partners as columns, made when they are first asked for."""
        if not self._people:
            self._people.append(people_of(self.coded["partner_id"].values, self.partners))
        return self._people[0]

    def event(self, row: int) -> CreditedEvent:
        """Return one row as the plain engine reads it."""
        told: dict[str, Any] = {
            name: _number(name, int(column[row])) for name, column in self.numbers.items()
        }
        told |= {name: column.at(row) for name, column in self.coded.items()}
        told[MOMENT] = _moment(told[MOMENT], told.pop(ZONE, None))
        return CreditedEvent(**told)

    def facts(self, rows: Iterable[int], partners: Iterable[PartnerFacts]) -> Facts:
        """Return some rows as facts for the plain engine."""
        events = tuple(self.event(row) for row in rows)
        return Facts(tuple(partners), events, self.rates, self.blocks)


def columns_of(facts: Facts) -> FactColumns:
    """Return the same facts as columns.

    :raises OverflowError: if a number does not fit into 64 bits
    """
    numbers, coded = {}, {}
    for name, default in _DEFAULTS.items():
        values = [getattr(event, name) for event in facts.events]
        if (
            name not in NEEDED
            and default is not MISSING
            and all(each == default for each in values)
        ):
            continue
        if name in NUMBERS:
            numbers[name] = np.array([_whole(value) for value in values], np.int64)
        elif name == MOMENT:
            numbers[name] = np.array([(at - EPOCH) // MICROSECOND for at in values], np.int64)
            coded[ZONE] = Coded.of([at.utcoffset() for at in values])
        else:
            coded[name] = Coded.of(values, in_order=name == "key")
    return FactColumns(facts.partners, numbers, coded, facts.rates, facts.blocks)


def _whole(value: int | date | None) -> int:
    if value is None:
        return NONE
    return value.toordinal() if isinstance(value, date) else value


def _number(name: str, value: int) -> int | date | None:
    if value == NONE:
        return None
    return date.fromordinal(value) if name in DAYS else value


def _moment(micros: int, offset: timedelta | None) -> datetime:
    zone = timezone(offset) if offset else UTC
    return (EPOCH + micros * MICROSECOND).astimezone(zone)
