"""One revenue event and its order's credits as the engine's events: exact shares, whole cents."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from app.attribution.queries import CreditRow
from app.incentives import engine
from app.kernel.money import allocate
from app.revenue import queries as revenue

ROUTE_REGISTERED = "registered"
_NONE: frozenset[str] = frozenset()
Roles = Mapping[tuple[UUID | None, UUID], frozenset[str]]
"""What a partner is in an opportunity: its accepted parts, and whether it registered it."""
Classes = Sequence[Sequence[CreditRow]]
"""The credits of an order: those of a class together."""


def by_class(credits: Iterable[CreditRow]) -> Classes:
    """Return the credits of an order by class, in each the largest share first."""
    ordered = sorted(credits, key=lambda row: (row.credit_class, -row.share, str(row.partner_id)))
    groups = groupby(ordered, key=attrgetter("credit_class"))
    return [list(rows) for _, rows in groups]


def credited_events(
    event: revenue.Event, credits: Classes, wanted: Collection[UUID], roles: Roles
) -> Iterator[engine.CreditedEvent]:
    """Yield an event for each wanted partner and class.

    In each class the cents of all parts, the vendor's included, add up to the event's.
    """
    for rows in credits:
        parts = allocate(event.minor, [row.share for row in rows])
        for row, minor in zip(rows, parts, strict=True):
            if row.partner_id in wanted and row.partner_id is not None:
                known = roles.get((event.opportunity_id, row.partner_id), _NONE)
                yield _make(event, row, minor, known)


def _make(
    event: revenue.Event,
    row: CreditRow,
    minor: int,
    roles: frozenset[str],
) -> engine.CreditedEvent:
    credit_class = row.credit_class.value
    routes = {credit_class, ROUTE_REGISTERED} if ROUTE_REGISTERED in roles else {credit_class}
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
        routes=frozenset(routes),
        roles=roles - {ROUTE_REGISTERED},
        customer_id=str(event.account_id or ""),
        reverses=f"{event.reverses}:{credit_class}" if event.reverses else "",
        credit_class=credit_class,
    )


def _family(event: revenue.Event) -> str:
    """Return the family that most of the event belongs to: a plan looks at one."""
    found = min(event.families, key=lambda part: (-part.minor, part.code), default=None)
    return "" if found is None else found.code
