"""What the ecosystem revenue page counts: measures, routes, and the definition of each number."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """A rung of the ladder from order to cash."""

    BOOKED = "booked"
    BILLED = "billed"
    COLLECTED = "collected"


class Route(StrEnum):
    """How an order came, each order in exactly one: the parts add up to the whole."""

    SOURCED = "sourced"
    ASSISTED = "assisted"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a number means, in words a reader can check."""

    name: str
    words: str
    formula: str
    unit: str
    pitfall: str = ""


DEFINITIONS: dict[str, Definition] = {
    definition.name: definition
    for definition in (
        Definition(
            "booked",
            "The value of orders on the day they were booked.",
            "sum of order totals booked in the period",
            "money",
            "A booking is a promise; nothing is billed or paid by it.",
        ),
        Definition(
            "billed",
            "What was invoiced, less credit notes, on the day of the document.",
            "sum of invoices - sum of credit notes issued in the period",
            "money",
        ),
        Definition(
            "collected",
            "What was paid, less refunds, on the day it was received.",
            "sum of payments - sum of refunds received in the period",
            "money",
        ),
        Definition(
            "sourced",
            "Orders that a partner created: registered first, or brought as the source.",
            "sum of the measure over orders with a sourcing partner",
            "money",
            "An order has at most one sourcing partner, so no amount counts twice.",
        ),
        Definition(
            "influenced",
            "Orders that at least one partner touched before the win, sourced or not.",
            "sum of the measure over orders with an influencing partner",
            "money",
            "Overlaps with sourced: the two do not add up to the total.",
        ),
        Definition(
            "assisted",
            "Orders that partners influenced or fulfilled but did not source.",
            "sum of the measure over orders without a source and with another partner's credit",
            "money",
        ),
        Definition(
            "direct",
            "Orders without any partner's credit.",
            "sum of the measure over orders in which no partner has a credit",
            "money",
            "Includes orders that were not attributed yet; the page counts them.",
        ),
        Definition(
            "partner_share",
            "The part of the total that came with a partner's help.",
            "(sourced + assisted) / total",
            "share",
            "n/a when nothing was booked, billed or collected in the period.",
        ),
    )
}


def share(part: int, whole: int) -> float | None:
    """Return ``part`` of ``whole`` as a share; None where there is no whole."""
    return part / whole if whole else None
