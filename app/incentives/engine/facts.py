"""What the incentive engine is told: partners, credited events and exchange rates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction


class EventKind(StrEnum):
    """What happened to an order; or that a partner's certification lapsed."""

    BOOKED = "booked"
    BILLED = "billed"
    COLLECTED = "collected"
    RECOGNISED = "recognised"
    RENEWED = "renewed"
    CREDITED = "credited"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    CERTIFICATION_LAPSED = "certification_lapsed"

    @property
    def reverses(self) -> bool:
        """Whether such an event takes back what earlier ones earned."""
        return self in REVERSING


UNDOING = frozenset({EventKind.CREDITED, EventKind.REFUNDED, EventKind.CANCELLED})
"""Kinds that undo an amount of an earlier event."""
REVERSING = UNDOING | {EventKind.CERTIFICATION_LAPSED}
"""Kinds that take back what was earned."""
_RANK = {kind: rank for rank, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True)
class TierSpan:
    """A partner's tier from ``start`` up to, not including, ``until`` (None: still)."""

    tier: str
    start: date
    until: date | None = None

    def contains(self, on: date) -> bool:
        """Return whether the partner held the tier on that day."""
        return self.start <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a partner reached in the period that began on ``start``, for growth components."""

    component: str
    start: date
    minor: int


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """A partner as plans see it; the tier is looked up on the day of each event."""

    id: str
    programme: str
    tiers: tuple[TierSpan, ...] = ()
    country: str = ""
    region: str = ""
    baselines: tuple[Baseline, ...] = ()

    def tier_on(self, on: date) -> str:
        """Return the tier held on that day, or an empty text."""
        return next((span.tier for span in self.tiers if span.contains(on)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedEvent:
    """One event of an order, or the lapse of a certification, as it concerns one partner.

    ``minor`` is the event's whole amount in minor units of ``currency`` and is never negative, also
    for a refund; ``credited_minor`` is the part credited to this partner (cents that add up over
    the partners), and ``share`` the exact share behind it. ``reverses`` names the event that a
    refund, credit note or cancellation takes back; without it the latest of the order are taken.
    The same ``key`` recorded again later for the same partner replaces the earlier record. What
    happened may concern a partner in several classes of credit: one event for each, told apart by
    ``credit_class``, so that a refund takes back only what its own class paid.
    """

    key: str
    kind: EventKind
    on: date
    order_id: str
    partner_id: str
    minor: int
    currency: str
    recorded_at: datetime
    credited_minor: int | None = None
    share: Fraction = Fraction(1)
    order_minor: int | None = None
    ordered_on: date | None = None
    quantity: int = 0
    margin_minor: int | None = None
    product: str = ""
    family: str = ""
    deal_type: str = ""
    routes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    customer_id: str = ""
    customer_since: date | None = None
    reverses: str = ""
    credit_class: str = ""
    certification: str = ""
    contract_months: int = 0

    @property
    def sort_key(self) -> tuple[date, int, str, str]:
        """The engine's order: by day, then what happened, then key; never by arrival."""
        return self.on, _RANK[self.kind], self.key, self.partner_id


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """One unit of ``source_currency`` was worth ``rate`` units of ``target_currency`` on a day."""

    source_currency: str
    target_currency: str
    on: date
    rate: Fraction
    source: str = ""


class BlockCode(StrEnum):
    """Why people or checks keep an amount from being paid; it is earned all the same."""

    DISPUTE = "dispute"
    MISSING_PAYOUT_DETAILS = "missing_payout_details"
    RISK_REVIEW = "risk_review"


@dataclass(frozen=True, slots=True)
class Block:
    """What a partner earned (on an order, by an event) may not be paid from ``start`` on.

    ``until`` is the first day on which it may be paid again (None: not known yet).
    """

    code: BlockCode
    partner_id: str
    start: date
    until: date | None = None
    order_id: str = ""
    event_key: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a calculation looks at, in any order."""

    partners: tuple[PartnerFacts, ...]
    events: tuple[CreditedEvent, ...]
    rates: tuple[ExchangeRate, ...] = ()
    blocks: tuple[Block, ...] = ()

    @classmethod
    def of(
        cls,
        partners: Iterable[PartnerFacts],
        events: Iterable[CreditedEvent],
        rates: Iterable[ExchangeRate] = (),
        blocks: Iterable[Block] = (),
    ) -> "Facts":
        """Return facts made of any iterables."""
        return cls(tuple(partners), tuple(events), tuple(rates), tuple(blocks))
