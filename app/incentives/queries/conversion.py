"""One revenue event and its order's credits as the engine's events: exact shares, whole cents."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from app.attribution.queries import CreditRow
from app.incentives import engine
from app.kernel.money import allocate
from app.revenue import queries as revenue

ROUTE_REGISTERED = "registered"
Maker = Callable[..., engine.CreditedEvent]


def credited_events(
    event: revenue.Event, credits: Sequence[CreditRow], wanted: Collection[UUID]
) -> Iterator[tuple[Maker, UUID]]:
    """Yield, for each wanted partner and class, what makes its event once routes are known.

    In each class the cents of all parts, the vendor's included, add up to the event's.
    """
    ordered = sorted(credits, key=lambda row: (row.credit_class, -row.share, str(row.partner_id)))
    for credit_class, group in groupby(ordered, key=attrgetter("credit_class")):
        rows = list(group)
        parts = allocate(event.minor, [row.share for row in rows])
        for row, minor in zip(rows, parts, strict=True):
            if row.partner_id in wanted and row.partner_id is not None:
                yield partial(_make, event, row, minor, credit_class.value), row.partner_id


def _make(
    event: revenue.Event,
    row: CreditRow,
    minor: int,
    credit_class: str,
    *,
    routes: frozenset[str],
    roles: frozenset[str],
) -> engine.CreditedEvent:
    return engine.CreditedEvent(
        key=f"{event.key}:{credit_class}",
        kind=engine.EventKind(event.kind.value),
        on=event.on,
        order_id=event.order_number,
        partner_id=str(row.partner_id),
        minor=event.minor,
        currency=event.currency,
        recorded_at=event.recorded_at,
        credited_minor=minor,
        share=row.share,
        order_minor=event.order_minor,
        ordered_on=event.ordered_on,
        family=_family(event),
        deal_type=event.deal_type.value,
        routes=frozenset({credit_class, *routes}),
        roles=roles,
        customer_id=str(event.account_id or ""),
        reverses=f"{event.reverses}:{credit_class}" if event.reverses else "",
        credit_class=credit_class,
    )


def _family(event: revenue.Event) -> str:
    """Return the family that most of the event belongs to: a plan looks at one."""
    found = min(event.families, key=lambda part: (-part.minor, part.code), default=None)
    return "" if found is None else found.code
