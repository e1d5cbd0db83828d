"""Reading of the smaller sections: schedule, billing, financing, costs, repurchase, closings."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from app.kernel.money import round_half_away
from app.kernel.period import add_months
from app.kernel.reading import Node
from app.revenue.recognition.costs import Cost, CostKind, Loss
from app.revenue.recognition.document import Closing, Posted
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.intake.values import (
    SPAN_KEYS,
    Nodes,
    Scale,
    day,
    span_of,
    whole_months,
)
from app.revenue.recognition.repurchase import Repurchase, Right
from app.revenue.recognition.span import Method, Span
from app.revenue.recognition.terms import Contract, Obligation, Pattern, Price

CONTRACT_KEYS = (
    "id", "customer", "inception", "criteria_met", "criteria_met_on", "receivable_from",
    "recorded_on",
)  # fmt: skip
SCHEDULE_KEYS = ("method", *SPAN_KEYS, "invoice_date", "invoiced", "recognised_before")
BILLING_KEYS = ("every", "amount", "total", "count", "due_after_days")
COST_KEYS = (
    "kind", "incurred_on", "incremental", "chargeable_regardless", "recoverable",
    "other_standard", "practical_expedient", "contract_years", "contract_months",
    "renewal_years", "renewal_months", "expected_customer_years", "expected_customer_months",
    "method", "start", "remainder", "with_revenue_of",
)  # fmt: skip
REPURCHASE_KEYS = ("expected_market_value", "lapsed_on", "exercised_on")
CLOSING_KEYS = ("until", "on")
POSTED_KEYS = ("period_end", "obligation", "amount")
_EVERY = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_WAYS = ("invoice", "due", "performance")
MOST_BILLS = 1200
_YEAR = 12


def contract_of(node: Node) -> Contract:
    """Return who and when, and the readings that belong to the whole contract."""
    keys = node.keys((), CONTRACT_KEYS)
    met_on = day(keys["criteria_met_on"]) if "criteria_met_on" in keys else None
    return Contract(
        id=keys["id"].text() if "id" in keys else "",
        customer=keys["customer"].text() if "customer" in keys else "",
        inception=day(keys["inception"]) if "inception" in keys else None,
        criteria_met_on=met_on,
        criteria_met=keys["criteria_met"].flag() if "criteria_met" in keys else True,
        receivable_from=keys["receivable_from"].word(*_WAYS)
        if "receivable_from" in keys
        else _WAYS[0],
        recorded_on=day(keys["recorded_on"]) if "recorded_on" in keys else None,
    )


def schedule_of(node: Node, scale: Scale) -> tuple[Price, Obligation, list[Event], date | None]:
    """Return a bare schedule as a contract: one obligation, one invoice.

    Nothing is posted before the invoice date, where one is given.
    """
    needed = ("amount", "start", "method")
    keys = node.keys(needed, [name for name in SCHEDULE_KEYS if name not in needed])
    method = keys["method"].choice(Method)
    amount, span = scale.amount(keys["amount"]), span_of(node, keys, method)
    before = scale.amount(keys["recognised_before"]) if "recognised_before" in keys else Fraction(0)
    made = Obligation(
        "schedule", node.path, pattern=Pattern.OVER_TIME, span=span, recognised_before=before
    )
    invoiced = day(keys["invoice_date"]) if "invoice_date" in keys else None
    events = []
    if "invoiced" not in keys or keys["invoiced"].flag():
        on = invoiced or span.first
        events.append(Event(Kind.INVOICE, on, node.path, on, amount=amount))
    return Price(amount, said="the amount of the schedule"), made, events, invoiced


def billing_of(node: Node, scale: Scale, price: Fraction | None) -> list[Event]:
    """Return the invoices of a billing plan; a total is cut so that its parts add up to it."""
    keys = node.keys(("first_on",), BILLING_KEYS)
    count = keys["count"].whole(least=1) if "count" in keys else 1
    if count > MOST_BILLS:
        raise keys["count"].refuse(f"At most {MOST_BILLS} are possible here.")
    months = _EVERY[keys["every"].word(*_EVERY)] if "every" in keys else 0
    if count > 1 and not months:
        raise node.refuse("“every” is missing: how far apart are the invoices?")
    first, days = day(keys["first_on"]), 0
    if "due_after_days" in keys:
        days = keys["due_after_days"].whole()
    found = []
    for number, amount in enumerate(_amounts(node, keys, scale, price, count)):
        on = add_months(first, months * number)
        due = date.fromordinal(on.toordinal() + days)
        name = f"billing-{number + 1}"
        found.append(
            Event(Kind.INVOICE, on, node.path, on, id=name, amount=Fraction(amount), due_on=due)
        )
    return found


def _amounts(
    node: Node, keys: Nodes, scale: Scale, price: Fraction | None, count: int
) -> list[Fraction]:
    if "amount" in keys:
        if "total" in keys:
            raise node.refuse("Give the amount of each invoice or their total, not both.")
        return [scale.amount(keys["amount"])] * count
    total = scale.amount(keys["total"]) if "total" in keys else price
    if total is None:
        raise node.refuse("Give the amount of each invoice or their total.")
    sums = [round_half_away(total * number / count) for number in range(count + 1)]
    return [Fraction(later - sooner) for sooner, later in pairwise(sums)]


def cost_of(node: Node, scale: Scale) -> Cost:
    """Return a cost to obtain or fulfil the contract."""
    keys = node.keys(("id", "amount"), COST_KEYS)
    months = _months(node, keys)
    incurred = day(keys["incurred_on"]) if "incurred_on" in keys else None
    named = keys["with_revenue_of"].items() if "with_revenue_of" in keys else []
    if named and (months is not None or "method" in keys):
        raise keys["with_revenue_of"].refuse("It takes the place of a time and a method.")
    cost = Cost(
        id=keys["id"].text(),
        amount=scale.amount(keys["amount"]),
        kind=keys["kind"].choice(CostKind) if "kind" in keys else CostKind.OBTAIN,
        path=node.path,
        incurred_on=incurred,
        incremental=_flag(keys, "incremental", otherwise=True),
        chargeable=_flag(keys, "chargeable_regardless", otherwise=False),
        recoverable=_flag(keys, "recoverable", otherwise=True),
        elsewhere=keys["other_standard"].text() if "other_standard" in keys else "",
        expedient=_flag(keys, "practical_expedient", otherwise=False),
        months=months,
        span=_amortised(node, keys, months, incurred),
        with_revenue_of=tuple(each.text() for each in named),
    )
    if cost.verdict[0] and cost.span is None and months is None and not named:
        raise node.refuse("Say over which time it is amortised, or with_revenue_of what.")
    return cost


def _flag(keys: Nodes, name: str, *, otherwise: bool) -> bool:
    return keys[name].flag() if name in keys else otherwise


def _months(node: Node, keys: Nodes) -> int | None:
    """Return over how many months the benefit is expected, renewals included."""
    customer = [n for n in keys if n.startswith("expected_customer_")]
    contract = [n for n in keys if n.startswith("contract_")]
    renewal = [n for n in keys if n.startswith("renewal_")]
    if len(customer) > 1 or len(contract) > 1 or len(renewal) > 1:
        raise node.refuse("Give years or months, not both.")
    if customer:
        if renewal:
            raise keys[renewal[0]].refuse("The expected time of the customer includes renewals.")
        return _length(keys, customer[0])
    if not contract:
        return None
    return _length(keys, contract[0]) + (_length(keys, renewal[0]) if renewal else 0)


def _length(keys: Nodes, name: str) -> int:
    if name.endswith("_months"):
        return whole_months(keys[name])
    months = keys[name].exact() * _YEAR
    if months.denominator != 1 or not 0 <= months <= MOST_BILLS:
        raise keys[name].refuse("Years that are whole months, up to 100, are needed here.")
    return int(months)


def _amortised(node: Node, keys: Nodes, months: int | None, incurred: date | None) -> Span | None:
    start = keys.get("start")
    if start is None and incurred is None:
        return None
    if months is None:
        return None
    if months == 0:
        raise node.refuse("The time of amortisation must be above zero.")
    method = keys["method"].choice(Method) if "method" in keys else Method.MONTHLY_PRORATED
    begin = start.value if start is not None else incurred.isoformat() if incurred else ""
    path = start.path if start is not None else node.path
    made = {"start": Node(begin, path), "months": Node(months, node.path)}
    if "remainder" in keys:
        made["remainder"] = keys["remainder"]
    return span_of(node, made, method)


def with_losses(cost: Cost, events: list[Event]) -> Cost:
    """Return a cost with the impairments that events tell of."""
    first = min((each.on for each in events if each.kind is Kind.IMPAIRMENT), default=None)
    losses = []
    for event in events:
        back = event.kind is Kind.IMPAIRMENT_REVERSAL
        if back and (first is None or event.on < first):
            raise Node(None, event.path).refuse("Nothing was impaired before that.")
        worth = {"amount" if event.counts else "most": event.amount}
        losses.append(Loss(event.on, back, **worth))
    return replace(cost, losses=tuple(losses))


def repurchase_of(node: Node, scale: Scale) -> Repurchase:
    """Return an agreement to take an asset back."""
    needed = ("right", "sale_price", "repurchase_price", "sold_on", "until")
    keys = node.keys(needed, REPURCHASE_KEYS)
    sold, until = day(keys["sold_on"]), day(keys["until"])
    if until < sold:
        raise keys["until"].refuse("The end is before the start.")
    one = [name for name in ("lapsed_on", "exercised_on") if name in keys]
    if len(one) > 1:
        raise node.refuse("The right lapsed or was exercised, not both.")
    value = keys.get("expected_market_value")
    return Repurchase(
        right=keys["right"].choice(Right),
        sale_price=scale.amount(keys["sale_price"]),
        repurchase_price=scale.amount(keys["repurchase_price"]),
        sold_on=sold,
        until=until,
        market_value=scale.amount(value) if value is not None else None,
        lapsed_on=day(keys["lapsed_on"]) if "lapsed_on" in keys else None,
        exercised_on=day(keys["exercised_on"]) if "exercised_on" in keys else None,
        path=node.path,
    )


def closing_of(node: Node) -> Closing:
    """Return a closing: of what, and when."""
    keys = node.keys(CLOSING_KEYS)
    closing = Closing(day(keys["until"]), day(keys["on"]))
    if closing.on < closing.until:
        raise keys["on"].refuse("A period cannot be closed before its last day.")
    return closing


def posted_of(node: Node, scale: Scale) -> Posted:
    """Return revenue that stands in a closed period."""
    keys = node.keys(POSTED_KEYS)
    amount = scale.amount(keys["amount"], signed=True)
    return Posted(day(keys["period_end"]), keys["obligation"].text(), amount, node.path)
