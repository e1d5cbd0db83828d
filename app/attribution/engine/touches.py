"""What attribution is told and what it gives back: touches, rules, credits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

ONE = Fraction(1)


class Model(StrEnum):
    """How the touches of one journey share what it brought."""

    SOURCED = "sourced"
    FIRST = "first"
    LAST = "last"
    LINEAR = "linear"
    POSITION = "position"
    W = "w"
    TIME_DECAY = "time-decay"
    ROLES = "roles"
    MARKOV = "markov"
    SHAPLEY = "shapley"


LEARNED = (Model.MARKOV, Model.SHAPLEY)
"""Models that look at all journeys together; for one order their weights come from history."""


class By(StrEnum):
    """What of a touch has a learned weight."""

    KIND = "kind"
    PARTNER = "partner"
    ROLE = "role"


class Repeats(StrEnum):
    """What a partner's repeated touches count for; a rule must say which.

    Keep counts every touch, consecutive joins a partner's touches that follow each other, once
    keeps only the partner's first.
    """

    KEEP = "keep"
    CONSECUTIVE = "consecutive"
    ONCE = "once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A dated act of one partner on one order's opportunity.

    ``touch_class`` is sourced, influenced or fulfilled; ``milestone`` marks the act that created
    the opportunity, which the W model favours; ``weight`` scales what the touch counts for.
    """

    partner_id: str
    at: datetime
    touch_class: str = "influenced"
    kind: str = ""
    role: str = ""
    weight: Fraction = ONE
    milestone: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The journeys that weights were learned from: closed from ``start``, before ``until``."""

    won: int
    lost: int
    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One model with everything that it declares.

    ``weights`` by ``by``, and ``otherwise`` for what has none, are those that a learned model
    found in history; ``order`` is that of its Markov chain.
    """

    model: Model
    repeats: Repeats = Repeats.KEEP
    first: Fraction | None = None
    last: Fraction | None = None
    milestone: Fraction = Fraction(3, 10)
    half_life_days: Fraction = Fraction(7)
    roles: Mapping[str, Fraction] = field(default_factory=dict)
    lookback_days: int | None = None
    order: int = 1
    by: By = By.KIND
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    otherwise: Fraction = Fraction(0)
    learned: Learned | None = None

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The parts of the first and the last touch: as declared, else 40 % (W: 30 %) each."""
        usual = Fraction(3, 10) if self.model is Model.W else Fraction(2, 5)
        return (
            usual if self.first is None else self.first,
            usual if self.last is None else self.last,
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of how credit is given: a rule per class."""

    code: str
    title: str
    classes: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One touch and its exact share of the journey, with the reason in words."""

    touch: Touch
    share: Fraction
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One partner's part of an order in one class; ``partner_id`` None is the vendor's own part.

    Over a class the shares add up to exactly one and ``minor`` to the order's amount. ``because``
    says why, from ``weighed``: the partner's touches with the exact share of each.
    """

    partner_id: str | None
    credit_class: str
    share: Fraction
    minor: int
    currency: str
    touches: int
    because: str
    weighed: tuple[Weighed, ...] = ()
