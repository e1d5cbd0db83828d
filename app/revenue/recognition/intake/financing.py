"""Reading of a significant financing component."""

from datetime import date
from fractions import Fraction

from app.kernel.period import add_months
from app.kernel.reading import Node
from app.revenue.recognition.intake.values import Nodes, Scale, day, members, rate
from app.revenue.recognition.interest import instalment
from app.revenue.recognition.terms import Compounding, Financing, Flow

FINANCING_KEYS = (
    "rate", "compounding", "day_count", "payments", "instalments", "transfer_on",
    "cash_selling_price", "practical_expedient",
)  # fmt: skip
INSTALMENT_KEYS = ("amount", "principal", "rate", "every")
PAYMENT_KEYS = ("on", "amount")
TIMES = {"annual": 1, "semiannual": 2, "quarterly": 4, "monthly": 12}
_EVERY = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_MOST = 600
_YEAR = 12


def financing_of(node: Node, scale: Scale) -> Financing:
    """Return what is paid when, and the rate or the cash selling price that implies one."""
    keys = node.keys((), FINANCING_KEYS)
    expedient = keys["practical_expedient"].flag() if "practical_expedient" in keys else False
    if not {"rate", "cash_selling_price"} & keys.keys() and not expedient:
        raise node.refuse("Give a rate, or the cash selling price that implies one.")
    if {"rate", "cash_selling_price"} <= keys.keys():
        raise node.refuse("Give a rate or the cash selling price, not both.")
    times = TIMES[keys["compounding"].word(*TIMES)] if "compounding" in keys else 1
    actual = "day_count" in keys and keys["day_count"].word("thirty_360", "actual") == "actual"
    yearly = rate(keys["rate"]) if "rate" in keys else None
    if yearly is not None and yearly > _YEAR:
        raise keys["rate"].refuse("A yearly rate is needed here, such as 0.06 or “6%”.")
    cash = scale.amount(keys["cash_selling_price"]) if "cash_selling_price" in keys else None
    return Financing(
        compounding=None if yearly is None else Compounding(yearly, times, actual),
        payments=_payments(node, keys, scale),
        transfer_on=day(keys["transfer_on"]) if "transfer_on" in keys else None,
        cash_price=cash,
        times=times,
        expedient=expedient,
        path=node.path,
    )


def _payments(node: Node, keys: Nodes, scale: Scale) -> tuple[Flow, ...]:
    if ("payments" in keys) == ("instalments" in keys):
        raise node.refuse("Give either payments or instalments.")
    if "instalments" in keys:
        return _instalments(keys["instalments"], scale)
    found = []
    for each in members(keys["payments"]):
        of = each.keys(PAYMENT_KEYS)
        found.append(Flow(day(of["on"]), scale.amount(of["amount"])))
    if not any(flow.amount for flow in found):
        raise keys["payments"].refuse("Nothing is paid.")
    return tuple(found)


def _instalments(node: Node, scale: Scale) -> tuple[Flow, ...]:
    """Return level payments; without an amount, those that repay a principal at a rate, exactly."""
    keys = node.keys(("count", "first_on"), INSTALMENT_KEYS)
    count, first = keys["count"].whole(least=1), day(keys["first_on"])
    if count > _MOST:
        raise keys["count"].refuse(f"At most {_MOST} are possible here.")
    months = _EVERY[keys["every"].word(*_EVERY)] if "every" in keys else 1
    if "amount" in keys:
        if "principal" in keys or "rate" in keys:
            raise node.refuse("Give the amount, or the principal and the rate that make it.")
        amount = scale.price(keys["amount"])
    else:
        amount = _level(node, keys, scale, count, Fraction(months, _YEAR))
    last = _is_last(keys["first_on"])
    return tuple(Flow(_day(first, months * number, last=last), amount) for number in range(count))


def _level(node: Node, keys: Nodes, scale: Scale, count: int, years: Fraction) -> Fraction:
    if not {"principal", "rate"} <= keys.keys():
        raise node.refuse("Give the amount, or the principal and the rate that make it.")
    return instalment(scale.amount(keys["principal"]), rate(keys["rate"]) * years, count)


def _is_last(node: Node) -> bool:
    found = day(node)
    return found == _day(found, 0, last=True)


def _day(first: date, months: int, *, last: bool) -> date:
    """Return the day so many months later; the last of a month leads to the last of a month."""
    if not last:
        return add_months(first, months)
    following = add_months(first.replace(day=1), months + 1)
    return date.fromordinal(following.toordinal() - 1)
