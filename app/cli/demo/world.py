"""What the makers of the demo company share: clock, dice, and who and what exists so far."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor, Role
from app.cli.demo.agenda import Act, Agenda, moment, working
from app.jobs.services import Wish
from app.kernel.period import add_months

MONTHS = 18
LETTERS_SINCE = timedelta(days=14)
SETTING_UP = timedelta(days=45)


@dataclass(slots=True)
class Firm:
    """A partner of the demo company: what is needed to act for it."""

    id: UUID
    name: str
    country: str
    currency: str
    manager: Actor
    weight: float
    domain: str
    admin: Actor | None = None
    team: list[Actor] = field(default_factory=list)
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Ware:
    """A product with its prices in minor units by currency."""

    id: UUID
    family: str
    prices: dict[str, int]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as people know it."""

    name: str
    country: str
    city: str
    address: str
    industry: str
    domain: str


class World:
    """The demo company while it is being made."""

    def __init__(self, *, seed: int, today: date, scale: float, vendor: str) -> None:
        self.dice = Random(seed)  # noqa: S311 - invented people, no secrets
        self.seed, self.today, self.scale, self.vendor = seed, today, scale, vendor
        self.first = add_months(today.replace(day=1), -MONTHS)
        self.agenda = Agenda(moment(today, 0))
        self.opening = moment(self.first, 9) - SETTING_UP
        self._session: Session | None = None
        self.firms: list[Firm] = []
        self.staff: dict[Role, list[Actor]] = {}
        self.wares: dict[str, list[Ware]] = {}
        self.families: dict[str, UUID] = {}
        self.tiers: dict[str, UUID] = {}
        self.claims: list[Any] = []
        self.accounts: dict[str, UUID | None] = {}
        self.family_of: dict[UUID, UUID] = {}
        self.claimed: dict[tuple[str, str], list[UUID]] = {}
        self.calculated_at = self.opening
        self.periods: dict[date, UUID] = {}
        self.names: set[str] = set()
        self.password_hash: str | None = None
        self.counts: dict[str, int] = {}
        self.wishes: list[Wish] = []
        self.letters: list[tuple[datetime, Wish]] = []

    @property
    def session(self) -> Session:
        """The session of the month that is being made."""
        assert self._session is not None  # noqa: S101 - set before any act runs
        return self._session

    @session.setter
    def session(self, session: Session) -> None:
        self._session = session

    @property
    def end(self) -> datetime:
        """Where the history stops: the first moment of today."""
        return self.agenda.end

    def plan(self, at: datetime, act: Act, *arguments: Any) -> None:
        """Have ``act(world, at, *arguments)`` done at ``at``, unless the history ends before."""
        self.agenda.plan(at, act, *arguments)

    def sort_wishes(self, at: datetime) -> None:
        """Keep what was asked for lately; the letters of long ago are long read and thrown away."""
        if self.end - at < LETTERS_SINCE:
            self.letters += [(at, wish) for wish in self.wishes]
        self.wishes.clear()

    def sized(self, count: int, least: int = 1) -> int:
        """Return ``count`` at the chosen scale."""
        return max(least, round(count * self.scale))

    def count(self, what: str) -> int:
        """Count one more of ``what``; return how many there were before."""
        before = self.counts.get(what, 0)
        self.counts[what] = before + 1
        return before

    def chance(self, probability: float) -> bool:
        """Throw the dice."""
        return self.dice.random() < probability

    def after(self, at: datetime, least: float, most: float) -> datetime:
        """Return a working moment ``least`` to ``most`` days after ``at``."""
        later = working(at + timedelta(days=self.dice.uniform(least, most)))
        return max(later.replace(second=0, microsecond=0), at + timedelta(minutes=1))

    def one_of(self, role: Role, number: int = 0) -> Actor:
        """Return one of the vendor's people; the first is the one of the one-click sign-in."""
        return self.staff[role][number]
