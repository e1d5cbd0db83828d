"""Documents in, figures out, the way the command reads and prints them."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.revenue.recognition import Result, as_data, read_document, recognise

Data = dict[str, Any]


def exactly(document: Any) -> Any:
    """Return a document as it comes from a file: decimals stay exact."""
    return json.loads(json.dumps(document), parse_float=Decimal)


def result(document: Data) -> Result:
    return recognise(read_document(exactly(document)))


def run(document: Data, *, explained: bool = False) -> Data:
    return as_data(result(document), explained=explained)


def allocated(document: Data) -> dict[str, Decimal]:
    """Return what each obligation is allocated, as posted."""
    return {
        each["obligation"]: Decimal(each["amount"])
        for each in run(document)["allocation"]["obligations"]
    }


def exact(document: Data) -> dict[str, Fraction]:
    """Return what each obligation is allocated, exactly."""
    return {
        each["obligation"]: Fraction(each["exact"])
        for each in run(document)["allocation"]["obligations"]
    }


def revenue(document: Data, obligation: str | None = None) -> dict[str, Decimal]:
    """Return revenue by period, of one obligation or of all."""
    found: dict[str, Decimal] = {}
    for line in run(document)["revenue"]:
        if obligation in (None, line["obligation"]):
            before = found.get(line["period"], Decimal(0))
            found[line["period"]] = before + Decimal(line["amount"])
    return found


def column(document: Data, name: str) -> dict[str, Decimal]:
    """Return one figure by period."""
    return {each["period"]: Decimal(each[name]) for each in run(document)["periods"]}


def number(value: Any) -> Decimal:
    """Return a figure of a case, whichever way JSON wrote it."""
    return Decimal(str(value))
