"""The transaction price and its allocation as data."""

from datetime import date
from fractions import Fraction
from typing import Any

from app.kernel.money import round_half_away
from app.revenue.recognition.estimates import counted
from app.revenue.recognition.grain import Grain, exact_text
from app.revenue.recognition.result import Result
from app.revenue.recognition.standing import amount_of, shared

Data = dict[str, Any]


def price_data(result: Result) -> Data:
    """Return the transaction price and its parts."""
    document, history, grain = result.document, result.history, result.document.grain
    if document.price is None:
        return {}
    book = history.book(date.max)
    stage = book.stages[0]
    standing = history.completed(last_day(result))
    found: Data = {
        "total": grain.text(standing.price if standing.allocated else history.inception.price),
        "at_inception": grain.text(history.inception.price),
        "fixed": grain.text(round_half_away(document.price.fixed)),
    }
    if document.price.noncash:
        found["noncash"] = grain.text(round_half_away(document.price.noncash))
    if book.payables:
        total = sum((amount for _, amount in book.payables), Fraction(0))
        found["payable_to_customer"] = grain.text(round_half_away(total))
    elements = []
    for item in book.items.values():
        now = counted(item.estimate, reduces=item.terms.reduces)
        amount = amount_of(item, stage.price)
        parts = shared(stage, item, amount)
        elements.append(
            {
                "id": item.terms.id,
                "kind": item.terms.kind,
                "effect": "reduces" if item.terms.reduces else "adds",
                "estimated": grain.text(round_half_away(now.estimated)),
                "estimated_exact": exact_text(grain.major(now.estimated)),
                "included": grain.text(abs(amount)),
                "why": "as sales or usage occur" if item.terms.royalty else now.why,
                "allocation": {key: grain.text(part) for key, part in parts.items()},
            }
        )
    if elements:
        found["variable"] = elements
    return found


def last_day(result: Result) -> date:
    """Return the last day that is reported on."""
    return result.rows[-1].ends_on if result.rows else date.max


def allocation_data(result: Result) -> Data:
    """Return what each obligation was allocated at inception, exactly and rounded."""
    history, grain = result.history, result.document.grain
    if history.allocated is None:
        return {}
    made = history.allocated
    amounts = history.inception.allocated
    later = history.completed(last_day(result)).allocated
    terms = {each.id: each for each in result.document.obligations}
    rows = []
    for portion in made.portions:
        share = portion.amount / made.total if made.total else Fraction(0)
        row: Data = {
            "obligation": portion.obligation,
            "ssp": grain_text(grain, portion.ssp),
            "ssp_basis": portion.ssp_said,
            "share": exact_text(share),
            "exact": exact_text(grain.major(portion.amount)),
            "amount": grain.text(amounts[portion.obligation]),
            "discount": grain_text(grain, portion.discount),
        }
        if (
            later.get(portion.obligation, amounts[portion.obligation])
            != amounts[portion.obligation]
        ):
            row["amount_after_changes"] = grain.text(later[portion.obligation])
        if terms[portion.obligation].counted:
            each = portion.amount / terms[portion.obligation].quantity
            row["per_unit"] = exact_text(grain.major(each))
        rows.append(row)
    return {
        "method": made.method,
        "total": grain.text(round_half_away(made.total)),
        "obligations": rows,
    }


def grain_text(grain: Grain, units: Fraction) -> str:
    """Return an amount that need not be a whole number of grains, exactly."""
    return exact_text(grain.major(units))
