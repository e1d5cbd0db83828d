"""Metrics of what partners brought: sourced, influenced, fulfilled; three flags, not one list."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from app.reporting.metrics.arithmetic import ratio, total
from app.reporting.metrics.definition import (
    Answer,
    Area,
    Form,
    Key,
    Kind,
    Metric,
    Part,
    Unit,
    parts,
    series,
    single,
)

AREA = Area.PARTNER
_OWNER = "Channel lead"
_FLAGS = ("sourced", "influenced", "fulfilled")


def flagged(amounts: Sequence[Fraction], flags: Sequence[bool]) -> Answer:
    """Return the sum of the amounts that carry the flag."""
    chosen = [amount for amount, flag in zip(amounts, flags, strict=True) if flag]
    return Answer(total(chosen), parts(Unit.MONEY, total=total(amounts)))


def flagged_share(amounts: Sequence[Fraction], flags: Sequence[bool]) -> Fraction | None:
    """Return the same as a share of all."""
    return ratio(flagged(amounts, flags).value or Fraction(0), total(amounts))


def assisted(amounts: Sequence[Fraction], *flags: Sequence[bool]) -> Answer:
    """Return the sum of what partners influenced or fulfilled and did not source."""
    sourced, *others = (list(flag) for flag in flags)
    helped = [any(each) for each in zip(*others, strict=True)]
    return flagged(amounts, [h and not s for h, s in zip(helped, sourced, strict=True)])


def direct(amounts: Sequence[Fraction], *flags: Sequence[bool]) -> Answer:
    """Return the sum of what no partner had a part in."""
    return flagged(amounts, [not any(each) for each in zip(*flags, strict=True)])


def with_partners(amounts: Sequence[Fraction], *flags: Sequence[bool]) -> Fraction | None:
    """Return the share of what any partner had a part in."""
    return flagged_share(amounts, [any(each) for each in zip(*flags, strict=True)])


def helped_share(sourced: Fraction, assisted: Fraction, whole: Fraction) -> Fraction | None:
    """Return sourced and assisted as a share of all; the two do not overlap."""
    return ratio(sourced + assisted, whole)


def cube(amounts: Sequence[Fraction], *flags: Sequence[bool]) -> Answer:
    """Return the whole, split into the eight cells of three independent flags."""
    cells = dict.fromkeys(product((True, False), repeat=3), Fraction(0))
    for amount, *marks in zip(amounts, *flags, strict=True):
        cells[marks[0], marks[1], marks[2]] += amount
    rows = tuple(Part(_cell(marks), (amount,), Unit.MONEY) for marks, amount in cells.items())
    return Answer(total(amounts), rows, is_table=True)


def _cell(marks: tuple[bool, ...]) -> str:
    names = [name for name, mark in zip(_FLAGS, marks, strict=True) if mark]
    return " + ".join(names) or "none"


def flag(name: str) -> Key:
    """Return a key of flags, one for each amount."""
    return series(name, f"Whether a partner {name} it.", f"is_{name}", kind=Kind.FLAG)


_AMOUNTS = series("amounts", "The amount of each order.", "amount")
_ALL_FLAGS = (_AMOUNTS, *(flag(name) for name in _FLAGS))


def _money(name: str, words: str, formula: str, example: str, gives: str, *pitfalls: str) -> Metric:
    function, keys = {
        "assisted": (assisted, _ALL_FLAGS),
        "direct": (direct, _ALL_FLAGS),
    }.get(name, (flagged, (_AMOUNTS, flag(name))))
    return Metric(
        name=name, title=name.capitalize(), words=words, formula=formula, unit=Unit.MONEY,
        grain="orders of the period, booked, billed or collected, in one currency", owner=_OWNER,
        forms=(Form(function, keys),), example=example, gives=gives, pitfalls=pitfalls,
        aliases=(f"{name}_revenue",),
    )  # fmt: skip


def _share(name: str, words: str, pitfall: str) -> Metric:
    return Metric(
        name=f"{name}_share", title=f"{name.capitalize()} share", words=words,
        formula=f"{name} / total", unit=Unit.PERCENT,
        grain="orders of the period, booked, billed or collected, in one currency", owner=_OWNER,
        forms=(
            Form(ratio, (single(name, f"The amount that partners {name}.", f"{name}_revenue",
                                f"{name}_amount"),
                         single("total", "The amount of all orders.", "all", "total_revenue")),
                 is_within=True),
            Form(flagged_share, (_AMOUNTS, flag(name))),
        ),
        example=f"{name}=300 total=1200", gives="25 %", pitfalls=(pitfall,),
        aliases=(f"partner_{name}_share",),
    )  # fmt: skip


_MARKED = "amounts=100,50,30,20 sourced=1,0,0,0 influenced=1,1,0,0 fulfilled=0,0,1,0"
_OVERLAP = "Overlaps with the other two flags: the three shares do not add up to the total."

METRICS = (
    _money("sourced", "Orders that a partner created: registered first, or brought as the source.",
           "sum of the measure over orders with a sourcing partner",
           "amounts=100,50 sourced=1,0", "100 money",
           "An order has at most one sourcing partner, so no amount counts twice."),
    _money("influenced",
           "Orders that at least one partner touched before the win, sourced or not.",
           "sum of the measure over orders with an influencing partner",
           "amounts=100,50 influenced=1,1", "150 money",
           "Overlaps with sourced: the two do not add up to the total.",
           "Added up by partner it exceeds the total, for an order can have several."),
    _money("fulfilled", "Orders that a partner delivered.",
           "sum of the measure over orders with a delivering partner",
           "amounts=100,50 fulfilled=0,1", "50 money", _OVERLAP),
    _money("assisted", "Orders that partners influenced or fulfilled but did not source.",
           "sum of the measure over orders without a source and with another partner's credit",
           _MARKED, "80 money", "Sourced, assisted and direct add up to the total."),
    _money("direct", "Orders without any partner's credit.",
           "sum of the measure over orders in which no partner has a credit", _MARKED, "20 money",
           "Includes orders that were not attributed yet; the page counts them."),
    _share("sourced", "The part of the total that partners created.",
           "Exactly one partner for each order: parts by partner add up."),
    _share("influenced", "The part of the total that partners touched before the win.", _OVERLAP),
    _share("fulfilled", "The part of the total that partners delivered.", _OVERLAP),
    Metric(
        name="partner_share",
        title="Partner share",
        words="The part of the total that came with a partner's help.",
        formula="(sourced + assisted) / total",
        unit=Unit.PERCENT,
        grain="orders of the period, booked, billed or collected, in one currency",
        owner=_OWNER,
        forms=(
            Form(helped_share, (
                single("sourced", "The amount that partners sourced."),
                single("assisted", "What they influenced or fulfilled and did not source."),
                single("total", "The amount of all orders.", "all"))),
            Form(ratio, (
                single("partner_revenue", "What came with a partner's help.", "partner",
                       "partner_amount"),
                single("total", "The amount of all orders.", "all", "total_revenue")),
                is_within=True),
            Form(with_partners, _ALL_FLAGS),
        ),
        example="sourced=300 assisted=200 total=1000",
        gives="50 %",
        pitfalls=("n/a when nothing was booked, billed or collected in the period.",),
    ),
    Metric(
        name="partner_contribution",
        title="Partner contribution",
        words="The total, split by the three independent flags: sourced, influenced, fulfilled.",
        formula="sum of amounts in each of the 2 x 2 x 2 cells; the eight add up to the total",
        unit=Unit.MONEY,
        grain="orders of the period, booked, billed or collected, in one currency",
        owner=_OWNER,
        forms=(Form(cube, _ALL_FLAGS),),
        example=_MARKED,
        gives="200 money",
        pitfalls=("Flags are independent: a sourced order can be influenced by another partner.",),
    ),
)  # fmt: skip
