"""Remaining obligations, financing, contract costs and repurchase agreements, as data."""

from typing import Any

from app.kernel.money import round_half_away
from app.revenue.recognition.costs import Carried, Cost
from app.revenue.recognition.grain import Grain, exact_text
from app.revenue.recognition.report.periods import deferred
from app.revenue.recognition.result import Remaining, Result

Data = dict[str, Any]
_YEAR = 12
_READABLE_BITS = 64


def remaining_data(result: Result) -> Data:
    """Return what remains to be satisfied, and when it will be."""
    left, grain = result.remaining, result.document.grain
    if left is None or result.remaining_on is None:
        return {}
    return {"as_of": result.remaining_on.isoformat(), **_left(left, grain)}


def _left(left: Remaining, grain: Grain) -> Data:
    return {
        "total": grain.text(left.total),
        "current": grain.text(left.current),
        "later": grain.text(left.total - left.current - left.undated),
        "undated": grain.text(left.undated),
        "by_year": {year: grain.text(amount) for year, amount in left.by_year},
    }


def financing_data(result: Result) -> Data:
    """Return the cash selling price, the rate and the interest of each period."""
    found, grain = result.financed, result.document.grain
    if found is None:
        return {}
    price, promised = round_half_away(found.price), round_half_away(found.promised)
    data: Data = {
        "promised": grain.text(promised),
        "cash_selling_price": grain.text(price),
        "interest_total": grain.text(price - promised),
        "schedule": [],
    }
    if found.price.denominator.bit_length() < _READABLE_BITS:
        data["cash_selling_price_exact"] = exact_text(grain.major(found.price))
    if found.terms.compounding is not None:
        data["rate"] = exact_text(found.terms.compounding.rate)
    for row in result.rows:
        interest = row.after.interest - row.before.interest
        data["schedule"].append(
            {
                "period": row.label,
                "opening": grain.text(deferred(row.before)),
                "paid": grain.text(row.after.billed - row.before.billed),
                "interest": grain.text(interest),
                "recognised": grain.text(row.revenue),
                "closing": grain.text(deferred(row.after)),
            }
        )
    return data


def cost_data(cost: Cost, rows: list[tuple[str, Carried]], grain: Grain) -> Data:
    """Return whether a cost is an asset, and how it is amortised."""
    capitalised, why = cost.verdict
    whole = round_half_away(cost.amount)
    found: Data = {
        "id": cost.id,
        "kind": str(cost.kind),
        "amount": grain.text(whole),
        "capitalised": grain.text(whole if capitalised else 0),
        "expensed": grain.text(0 if capitalised or cost.elsewhere else whole),
        "why": why,
    }
    if cost.elsewhere:
        found["other_standard"] = cost.elsewhere
    if capitalised and cost.months:
        yearly = cost.amount * _YEAR / cost.months
        found["amortisation_months"] = cost.months
        found["amortisation_per_year"] = grain.text(round_half_away(yearly))
        found["amortisation_per_year_exact"] = exact_text(grain.major(yearly))
        found["amortisation_per_month"] = grain.text(round_half_away(cost.amount / cost.months))
    before, schedule = Carried(), []
    for label, now in rows:
        moves = {
            "period": label,
            "opening": grain.text(before.carrying),
            "capitalised": grain.text(now.capitalised - before.capitalised),
            "expensed": grain.text(now.expensed - before.expensed),
            "amortised": grain.text(now.amortised - before.amortised),
            "impaired": grain.text(now.impaired - before.impaired),
            "closing": grain.text(now.carrying),
        }
        if now.regained:
            moves["reversed"] = grain.text(now.regained - before.regained)
        if now != before or now.carrying:
            schedule.append(moves)
        before = now
    if schedule:
        found["schedule"] = schedule
    return found


def repurchase_data(result: Result) -> Data:
    """Return what a repurchase agreement is, and its balances."""
    terms, grain = result.document.repurchase, result.document.grain
    if terms is None:
        return {}
    nature, why = terms.nature
    rows, interest, rent, revenue = [], 0, 0, 0
    for label, now in result.repurchase:
        rows.append(
            {
                "period": label,
                "interest": grain.text(now.interest - interest),
                "lease_income": grain.text(now.lease_income - rent),
                "revenue": grain.text(now.revenue - revenue),
                "liability": grain.text(now.liability),
            }
        )
        interest, rent, revenue = now.interest, now.lease_income, now.revenue
    return {"nature": str(nature), "why": why, "schedule": rows}
