"""A result as data: what the command prints as JSON; amounts are text in major units."""

from fractions import Fraction
from typing import Any

from app.kernel.money import round_half_away
from app.revenue.recognition.book import Figures
from app.revenue.recognition.explain import explain
from app.revenue.recognition.grain import Grain, exact_text
from app.revenue.recognition.report.periods import line_data, period_data, postings_data
from app.revenue.recognition.report.price import allocation_data, last_day, price_data
from app.revenue.recognition.report.sections import (
    cost_data,
    financing_data,
    remaining_data,
    repurchase_data,
)
from app.revenue.recognition.result import Result

__all__ = ["as_data"]

Data = dict[str, Any]


def as_data(result: Result, *, explained: bool = False) -> Data:
    """Return everything that was found; sections without content are left out."""
    document, grain = result.document, result.document.grain
    rows = result.rows if document.price is not None or document.financing is not None else []
    found: Data = {
        "id": document.id or document.contract.id,
        "title": document.title,
        "customer": document.contract.customer,
        "currency": grain.currency,
        "round_to": str(grain.unit),
        "as_of": document.as_of.isoformat() if document.as_of else None,
        "transaction_price": price_data(result),
        "allocation": allocation_data(result),
        "timing": {each.id: each.timing for each in document.obligations if each.timing},
        "changes": _changes(result),
        "revenue": [line_data(row, line, grain) for row in rows for line in row.lines],
        "periods": [period_data(row, grain) for row in rows],
        "postings": postings_data(result),
        "remaining_performance_obligations": remaining_data(result),
        "financing": financing_data(result),
        "contract_costs": [cost_data(cost, rows, grain) for cost, rows in result.costs],
        "repurchase": repurchase_data(result),
        "totals": _totals(result) if rows else {},
        "explanation": explain(result) if explained else [],
        "warnings": result.warnings,
    }
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


def _changes(result: Result) -> list[Data]:
    notes = result.history.book(last_day(result)).notes
    grain = result.document.grain
    return [
        {"on": note.on.isoformat(), "what": note.words, **_figures(note.figures, grain)}
        for note in notes
    ]


def _figures(figures: Figures, grain: Grain) -> Data:
    found: Data = {}
    for name, value in figures.items():
        if isinstance(value, int):
            found[name] = grain.text(value)
        elif isinstance(value, Fraction):
            found[name] = exact_text(grain.major(value))
            found[f"{name}_rounded"] = grain.text(round_half_away(value))
        elif isinstance(value, dict):
            found[name] = {key: grain.text(each) for key, each in value.items()}
        else:
            found[name] = value
    return found


def _totals(result: Result) -> Data:
    grain = result.document.grain
    last = result.rows[-1].after
    found = {
        "revenue": grain.text(last.revenue),
        "billed": grain.text(last.billed),
        "received": grain.text(last.received),
    }
    if last.cost_of_sales:
        found["cost_of_sales"] = grain.text(last.cost_of_sales)
        found["gross_profit"] = grain.text(last.revenue - last.cost_of_sales)
    if last.interest:
        found["interest"] = grain.text(last.interest)
    return found
