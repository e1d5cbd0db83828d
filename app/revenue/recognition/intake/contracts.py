"""Reading of what sections say together: the price, days on obligations, promises, costs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.kernel.reading import Node
from app.revenue.recognition.costs import Cost
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.intake.price import PRICE_KEYS, paid_on, price_of
from app.revenue.recognition.intake.sections import cost_of, with_losses
from app.revenue.recognition.intake.values import Nodes, Scale, day, listed
from app.revenue.recognition.terms import Discount, Obligation, Pattern, Price


def price_in(
    node: Node,
    keys: Nodes,
    scale: Scale,
    obligations: tuple[Obligation, ...],
    discounts: tuple[Discount, ...],
) -> Price | None:
    """Return the stated price, or the sum of what the obligations and discounts say of it."""
    if "transaction_price" in keys:
        price = price_of(keys["transaction_price"], scale)
        if price.said or not obligations:
            return price
        return replace(price, fixed=_stated(obligations) or Fraction(0))
    if not obligations:
        return None
    stated = _stated(obligations)
    if stated is not None:
        return Price(stated, said="the sum of the stated prices")
    return _unstated(node, keys, obligations, discounts)


def _unstated(
    node: Node,
    keys: Nodes,
    obligations: tuple[Obligation, ...],
    discounts: tuple[Discount, ...],
) -> Price:
    if "financing" in keys:
        return Price(Fraction(0), said="the cash selling price")
    if all(each.open_ended or each.pattern is Pattern.AS_INVOICED for each in obligations):
        return Price(Fraction(0), said="as units are transferred")
    if discounts and all(each.ssp is not None for each in obligations):
        return Price(_discounted(obligations, discounts), said="selling prices less discounts")
    raise node.refuse("“transaction_price” is missing.")


def _stated(obligations: Iterable[Obligation]) -> Fraction | None:
    amounts = []
    for each in obligations:
        if each.open_ended or each.pattern is Pattern.AS_INVOICED:
            continue
        if each.price is not None:
            amounts.append(each.price)
        elif each.unit_price is not None:
            amounts.append(each.unit_price * each.quantity)
    return sum(amounts, Fraction(0)) if amounts else None


def _discounted(obligations: tuple[Obligation, ...], discounts: tuple[Discount, ...]) -> Fraction:
    prices = {each.id: each.ssp or Fraction(0) for each in obligations}
    total = sum(prices.values(), Fraction(0))
    for each in discounts:
        if each.amount is not None:
            total -= each.amount
        else:
            together = sum((prices.get(key, Fraction(0)) for key in each.obligations), Fraction(0))
            total -= together - (each.price or Fraction(0))
    return total


def promises(
    keys: Nodes, price: Price, events: list[Event], inception: date | None
) -> tuple[Price, list[Event]]:
    """Return the price with what is promised to the customer at inception, and the rest as events.

    A payment to the customer that nothing promised is a promise of its day.
    """
    found: list[Event] = []
    nodes: list[Node] = []
    if isinstance(keys.get("transaction_price", Node(None, "")).value, dict):
        nodes = listed(keys["transaction_price"].keys((), PRICE_KEYS), "payable_to_customer")
    kept = []
    for each, node in zip(price.payables, nodes, strict=True):
        if each.promised_on is None or (inception is not None and each.promised_on <= inception):
            kept.append(replace(each, promised_on=None))
        else:
            found.append(
                _to_customer(Kind.PROMISE_TO_CUSTOMER, each.promised_on, node, each.amount)
            )
            found[-1] = replace(found[-1], fair_value=each.fair_value)
        if (told := paid_on(node)) is not None:
            found.append(_to_customer(Kind.PAYMENT_TO_CUSTOMER, day(told), node, each.amount))
    told_of = price.payables or any(e.kind is Kind.PROMISE_TO_CUSTOMER for e in events)
    if not told_of:
        found += [
            replace(event, kind=Kind.PROMISE_TO_CUSTOMER)
            for event in events
            if event.kind is Kind.PAYMENT_TO_CUSTOMER
        ]
    return replace(price, payables=tuple(kept)), found


def _to_customer(kind: Kind, on: date, node: Node, amount: Fraction) -> Event:
    return Event(kind, on, node.path, on, amount=amount)


def costs_in(keys: Nodes, scale: Scale, events: list[Event]) -> tuple[Cost, ...]:
    """Return costs with the impairments that events tell of."""
    nodes = listed(keys, "costs")
    costs = [cost_of(each, scale) for each in nodes]
    names = [cost.id for cost in costs]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise nodes[place].refuse(f"“{name}” is there twice.")
    losses = [event for event in events if event.kind in _IMPAIRING]
    for event in losses:
        if event.cost not in names and not (len(names) == 1 and not event.cost):
            raise Node(None, f"{event.path}.cost").refuse(f"There is no cost “{event.cost}”.")
    return tuple(
        with_losses(cost, [each for each in losses if each.cost in ("", cost.id)]) for cost in costs
    )


_IMPAIRING = frozenset({Kind.IMPAIRMENT, Kind.IMPAIRMENT_REVERSAL})
