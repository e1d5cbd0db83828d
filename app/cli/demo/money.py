"""Orders, bills and cash: booked, billed at once or in parts, paid on time, late, or not at all."""

from datetime import datetime, timedelta
from uuid import UUID

from app.access.rules import SYSTEM, Role
from app.attribution.services import credit_order
from app.cli.demo.world import World
from app.kernel.money import Money
from app.revenue import queries, services
from app.revenue.models import Invoice, Order
from app.revenue.rules import Entry

_PAID_LATE, _PAID_IN_PARTS, _NEVER_PAID = 0.3, 0.12, 0.03


def book_order(world: World, at: datetime, opportunity_id: UUID) -> None:
    """Book the order of a won opportunity and credit it to the partners."""
    finance = world.one_of(Role.FINANCE)
    said = services.Booking(customer_reference=f"PO-{4000 + world.count('purchases') * 3}")
    order = services.book(world.session, opportunity_id, actor=finance, at=at, said=said)
    credit_order(world.session, order.id, actor=SYSTEM, at=at)
    if world.chance(0.3):
        half = order.total_minor // 2
        world.plan(world.after(at, 1, 8), bill, order.id, half)
        world.plan(world.after(at, 30, 50), bill, order.id, order.total_minor - half)
    else:
        world.plan(world.after(at, 1, 12), bill, order.id, order.total_minor)


def bill(world: World, at: datetime, order_id: UUID, minor: int) -> None:
    """Issue a bill, and plan how it is paid."""
    order = world.session.get_one(Order, order_id)
    entry = Entry(Money(minor, order.currency), at.date())
    made = services.issue_invoice(world.session, order_id, entry=entry, at=at,
                                  actor=world.one_of(Role.FINANCE, 1))  # fmt: skip
    throw = world.dice.random()
    if throw < _NEVER_PAID:
        return
    days = (32.0, 75.0) if throw < _PAID_LATE else (9.0, 31.0)
    if throw > 1 - _PAID_IN_PARTS:
        part = minor * world.dice.choice((40, 50, 60)) // 100
        world.plan(world.after(at, 10, 30), pay, made.id, part)
        world.plan(world.after(at, 35, 90), pay, made.id, minor - part)
    else:
        world.plan(world.after(at, *days), pay, made.id, minor)


def pay(world: World, at: datetime, invoice_id: UUID, minor: int) -> None:
    """Take a payment; now and then the customer returns something later."""
    invoice = world.session.get_one(Invoice, invoice_id)
    left = queries.invoice_balance(world.session, invoice_id).open
    if not left:
        return
    entry = Entry(Money(min(minor, left), invoice.currency), at.date(),
                  reference=f"BANK {world.count('payments') + 70411}")  # fmt: skip
    services.record_payment(world.session, invoice_id, entry=entry, at=at,
                            actor=world.one_of(Role.FINANCE, 1))  # fmt: skip
    if world.chance(0.05):
        world.plan(world.after(at, 12, 45), take_back, invoice_id, entry.amount.minor // 4)


def take_back(world: World, at: datetime, invoice_id: UUID, minor: int) -> None:
    """Credit part of a bill, and pay it back a day later."""
    invoice = world.session.get_one(Invoice, invoice_id)
    entry = Entry(Money(minor, invoice.currency), at.date(), reference="Two units came back")
    services.issue_credit_note(world.session, invoice_id, entry=entry, at=at,
                               actor=world.one_of(Role.FINANCE))  # fmt: skip
    world.plan(at + timedelta(days=1), refund, invoice_id, minor)


def refund(world: World, at: datetime, invoice_id: UUID, minor: int) -> None:
    """Pay back what was credited."""
    invoice = world.session.get_one(Invoice, invoice_id)
    left = queries.invoice_balance(world.session, invoice_id).refundable
    entry = Entry(Money(min(minor, left), invoice.currency), at.date(), reference="Refund")
    services.record_refund(world.session, invoice_id, entry=entry, at=at,
                           actor=world.one_of(Role.FINANCE))  # fmt: skip
