"""Rating of usage: quantities and a price model in, charges out.

Pure and exact: ``read_sheet(document)`` gives charges and usage, ``bill(sheet, usage)`` the lines,
each with the rows it is made of and rounded once; ``explain`` says a line in words. ``rate`` is
the price of one quantity alone. No database, clock or locale.
"""

from app.revenue.rating.bill import Bill, Line, bill, rate
from app.revenue.rating.document import read_sheet
from app.revenue.rating.names import OTHER_FIELDS
from app.revenue.rating.prices import (
    Commitment,
    Fixed,
    Graduated,
    Hybrid,
    Model,
    Package,
    Percentage,
    PerUnit,
    Price,
    Rated,
    Rollover,
    Row,
    Tier,
    Volume,
)
from app.revenue.rating.sheet import Charge, Sheet, Usage
from app.revenue.rating.usage import Aggregation, Event, Metering, UsageRefused
from app.revenue.rating.usage_document import OF_ROW, take_row
from app.revenue.rating.words import exact_text, explain

__all__ = [
    "OF_ROW",
    "OTHER_FIELDS",
    "Aggregation",
    "Bill",
    "Charge",
    "Commitment",
    "Event",
    "Fixed",
    "Graduated",
    "Hybrid",
    "Line",
    "Metering",
    "Model",
    "Package",
    "PerUnit",
    "Percentage",
    "Price",
    "Rated",
    "Rollover",
    "Row",
    "Sheet",
    "Tier",
    "Usage",
    "UsageRefused",
    "Volume",
    "bill",
    "exact_text",
    "explain",
    "rate",
    "read_sheet",
    "take_row",
]
