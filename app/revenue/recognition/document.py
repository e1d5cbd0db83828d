"""One document: a contract with all that belongs to it, or as little as there is to compute."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.kernel.period import Days
from app.revenue.recognition.calendar import Calendar
from app.revenue.recognition.costs import Cost
from app.revenue.recognition.events import Event
from app.revenue.recognition.grain import Grain
from app.revenue.recognition.repurchase import Repurchase
from app.revenue.recognition.terms import Contract, Discount, Financing, Obligation, Price


class Standard(StrEnum):
    """Which standard a document follows, where the two differ."""

    IFRS = "ifrs_15"
    US_GAAP = "asc_606"


@dataclass(frozen=True, slots=True)
class Closing:
    """A period that was closed: its last day, and the day on which that was done."""

    until: date
    on: date


@dataclass(frozen=True, slots=True)
class Posted:
    """Revenue that stands in a closed period already."""

    on: date
    obligation: str
    amount: Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """What is asked; sections that are absent are not computed."""

    grain: Grain
    id: str = ""
    title: str = ""
    calendar: Calendar = field(default_factory=Calendar)
    contract: Contract = field(default_factory=Contract)
    price: Price | None = None
    obligations: tuple[Obligation, ...] = ()
    discounts: tuple[Discount, ...] = ()
    events: tuple[Event, ...] = ()
    costs: tuple[Cost, ...] = ()
    assurances: tuple[str, ...] = ()
    """Assurance-type warranties, which are no obligations."""
    standard: Standard | None = None
    financing: Financing | None = None
    repurchase: Repurchase | None = None
    as_of: date | None = None
    closed_until: date | None = None
    closings: tuple[Closing, ...] = ()
    posted: tuple[Posted, ...] = ()
    booked_on: date | None = None
    scheduled: bool = False
    """Whether it came as a bare schedule."""

    def period_of(self, on: date) -> Days:
        """Return the reporting period of a day."""
        return self.calendar.period_of(on)
