"""Whatever is done along the chain, in whatever order: the sums hold."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.access.rules import SYSTEM
from app.kernel.errors import Invalid
from app.revenue import queries, services
from app.revenue.models import Invoice
from app.revenue.queries import EventKind
from app.revenue.rules import InvoiceKind
from tests.factories.clockwork import NOON
from tests.factories.revenue import entry, make_order

ACTS = st.tuples(
    st.sampled_from(["bill", "credit", "pay", "refund"]),
    st.integers(0, 3),
    st.integers(-5, 1200),
)
DO = {
    "credit": services.issue_credit_note,
    "pay": services.record_payment,
    "refund": services.record_refund,
}


def act(session, order, what, which, minor):
    said = entry(minor)
    if what == "bill":
        services.issue_invoice(session, order.id, entry=said, actor=SYSTEM, at=NOON)
        return
    bills = select(Invoice.id).where(
        Invoice.order_id == order.id, Invoice.kind == InvoiceKind.INVOICE
    )
    ids = session.scalars(bills.order_by(Invoice.number)).all()
    if ids:
        DO[what](session, ids[which % len(ids)], entry=said, actor=SYSTEM, at=NOON)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, max_size=12))
def test_billed_never_exceeds_booked_and_the_events_add_up(session, acts):
    order = make_order(session, 601, 399)
    for what, which, minor in acts:
        try:
            act(session, order, what, which, minor)
        except Invalid:
            continue

    balance = queries.order_balance(session, order.id)
    sums = dict.fromkeys(EventKind, 0)
    for event in queries.events_of(session, [order.id]):
        sums[event.kind] += event.minor
        assert sum(part.minor for part in event.families) == event.minor
    assert 0 <= balance.billed <= balance.total
    assert 0 <= balance.collected <= balance.invoiced
    assert balance.billed == sums[EventKind.BILLED] - sums[EventKind.CREDITED]
    assert balance.collected == sums[EventKind.COLLECTED] - sums[EventKind.REFUNDED]
