"""Reading of the settings of a document: its currency and smallest amount, its periods."""

from decimal import Decimal

from app.kernel.reading import Node
from app.revenue.recognition.calendar import Calendar, Granularity
from app.revenue.recognition.grain import Grain
from app.revenue.recognition.intake.values import Nodes

_COARSEST = Decimal(10) ** 9


def _currency(node: Node) -> str:
    """Return a currency code, which may be in small letters."""
    value = node.value
    return Node(value.upper() if isinstance(value, str) else value, node.path).currency()


def grain_of(keys: Nodes) -> Grain:
    """Return what amounts are counted in.

    :raises DocumentRefused: if the currency is none, or the unit cannot be posted
    """
    currency = _currency(keys["currency"]) if "currency" in keys else None
    if "round_to" not in keys or keys["round_to"].value == "minor":
        return Grain.of(currency)
    if keys["round_to"].value == "unit":
        return Grain.of(currency, Decimal(1))
    unit = keys["round_to"].exact()
    if unit <= 0 or unit > _COARSEST:
        raise keys["round_to"].refuse("“minor”, “unit” or an amount above zero is needed here.")
    if 10**12 % unit.denominator:
        raise keys["round_to"].refuse("A decimal amount is needed here.")
    return Grain.of(currency, Decimal(unit.numerator) / Decimal(unit.denominator))


def calendar_of(keys: Nodes) -> Calendar:
    """Return the reporting periods."""
    first = 1
    if "fiscal_year_start" in keys:
        first = keys["fiscal_year_start"].whole(least=1)
        if first > 12:
            raise keys["fiscal_year_start"].refuse("The number of a month is needed here.")
    if "granularity" not in keys:
        return Calendar(first_month=first)
    return Calendar(keys["granularity"].choice(Granularity), first)
