"""Metrics of what is owed to customers: deferred revenue, RPO and cRPO; accounting figures."""

from collections.abc import Sequence
from fractions import Fraction

from app.reporting.metrics.arithmetic import total
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Basis,
    Form,
    Metric,
    MetricRefused,
    Unit,
    parts,
    series,
    single,
)

AREA = Area.REVENUE
_OWNER = "Finance"
YEAR = 12


def roll_forward(
    opening: Fraction, billed: Fraction, recognised: Fraction, other: Fraction
) -> Answer:
    """Return what is deferred at the end of the period."""
    shown = parts(Unit.MONEY, opening=opening, billed=billed, recognised=-recognised, other=other)
    return Answer(opening + billed - recognised + other, shown, is_table=True)


def obligations(transaction_price: Sequence[Fraction], recognised: Sequence[Fraction]) -> Answer:
    """Return what is contracted and not recognised yet.

    :raises MetricRefused: if more of a contract is recognised than its price
    """
    for place, (price, done) in enumerate(zip(transaction_price, recognised, strict=True), 1):
        if done > price:
            raise MetricRefused(f"recognised: value {place} is more than its transaction price.")
    prices, done = total(transaction_price), total(recognised)
    return Answer(prices - done, parts(Unit.MONEY, transaction_price=prices, recognised=done))


def within_a_year(amounts: Sequence[Fraction], months_ahead: Sequence[Fraction]) -> Answer:
    """Return the amounts to be recognised in the next twelve months (month 12 is not in them)."""
    near = [a for a, m in zip(amounts, months_ahead, strict=True) if m < YEAR]
    return Answer(total(near), parts(Unit.MONEY, rpo=total(amounts)))


def straight_line(remaining: Sequence[Fraction], remaining_months: Sequence[Fraction]) -> Answer:
    """Return the part of each remaining amount that falls into twelve months, evenly spread."""
    near = [
        amount * min(Fraction(YEAR), months) / months if months else amount
        for amount, months in zip(remaining, remaining_months, strict=True)
    ]
    return Answer(total(near), parts(Unit.MONEY, rpo=total(remaining)))


METRICS = (
    Metric(
        name="deferred_roll_forward",
        title="Deferred revenue roll-forward",
        words="What is billed and not recognised yet at the end of a period.",
        formula="opening + billed - recognised + other",
        unit=Unit.MONEY,
        grain="one accounting period and entity, in one currency",
        owner=_OWNER,
        forms=(Form(roll_forward, (
            single("opening", "Deferred at the start.", "start", "beginning"),
            single("billed", "Billed in advance in the period.", "billings", "additions"),
            single("recognised", "Recognised out of it.", "recognized", "releases"),
            single("other", "Exchange rates, credit notes, acquisitions; may be below zero.",
                   "adjustments", least=None, default=Fraction(0)))),),
        example="opening=500 billed=300 recognised=350",
        gives="450 money",
        pitfalls=("Below zero it is a contract asset, and is shown as one.",),
        aliases=("deferred_revenue", "deferred"),
        basis=Basis.ACCOUNTING,
    ),
    Metric(
        name="rpo",
        title="Remaining performance obligations",
        words="What is contracted and not recognised yet, billed or not.",
        formula="sum of transaction prices - sum of what is recognised of them",
        unit=Unit.MONEY,
        grain="contracts in force on one day, in one currency",
        owner=_OWNER,
        forms=(Form(obligations, (
            series("transaction_price", "The price of each contract.", "contracted",
                   "contract_value", "tcv"),
            series("recognised", "What is recognised of each.", "recognized"))),),
        example="transaction_price=1200,600 recognised=300,600",
        gives="900 money",
        pitfalls=("Contracts that can be ended without penalty count only to their notice.",),
        aliases=("remaining_performance_obligations",),
        basis=Basis.ACCOUNTING,
    ),
    Metric(
        name="crpo",
        title="Current remaining performance obligations",
        words="The part of RPO that is to be recognised in the next twelve months.",
        formula="sum of amounts due for recognition in less than 12 months",
        unit=Unit.MONEY,
        grain="contracts in force on one day, in one currency",
        owner=_OWNER,
        forms=(
            Form(within_a_year, (
                series("amounts", "Amounts to be recognised.", "amount"),
                series("months_ahead", "Whole months until each is; 0 is this month."))),
            Form(straight_line, (
                series("remaining", "What is left of each contract, spread evenly.", "rpo"),
                series("remaining_months", "Months left of each."))),
        ),
        example="remaining=2400,600 remaining_months=24,6",
        gives="1800 money",
        pitfalls=("Usage that is not committed is in neither RPO nor cRPO.",),
        aliases=("current_rpo", "current_remaining_performance_obligations"),
        basis=Basis.ACCOUNTING,
    ),
)  # fmt: skip
