"""Credit: exact shares and cents of one order for each partner, with the reason."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from app.attribution.engine.touches import Credit, Model, Policy, Rule, Touch, Weighed
from app.attribution.engine.weights import weigh
from app.attribution.engine.wording import share as in_words
from app.kernel.errors import Broken
from app.kernel.format import day
from app.kernel.money import Money, allocate

NAMED = 3  # touches that a reason names
GRID = 10**18  # shares finer than this (time decay) are put on it by largest remainder


def credit(
    amount: Money, touches: Iterable[Touch], policy: Policy, *, won_at: datetime
) -> tuple[Credit, ...]:
    """Return the credits of one order, class by class, each class adding up to ``amount``.

    A class without a counting touch is the vendor's own. The order of the touches does not matter.
    Cents are given by largest remainder, the larger share first, then by partner id.

    :raises Broken: if the amount is negative
    """
    if amount.minor < 0:
        raise Broken("only an amount of zero or more can be credited")
    known = tuple(touches)
    credits: list[Credit] = []
    for credit_class, rule in policy.classes.items():
        own = [touch for touch in known if touch.touch_class == credit_class]
        weighed = weigh(own, rule, won_at)
        given = _class_credits(amount, credit_class, rule, weighed)
        credits.extend(given or [_vendor(amount, credit_class, is_touched=bool(own))])
    return tuple(credits)


def shares(touches: Sequence[Touch], rule: Rule, *, won_at: datetime) -> dict[str, Fraction]:
    """Return each partner's exact share of one journey, largest first; empty without a touch."""
    return dict(_ranked(weigh(touches, rule, won_at)))


def cents(
    minor: int, touches: Sequence[Touch], rule: Rule, *, won_at: datetime
) -> dict[str | None, int]:
    """Return each partner's minor units of one class, as ``credit`` gives them but without words.

    Where no touch counts all of it is the vendor's own, under None.
    """
    found = shares(touches, rule, won_at=won_at)
    if not found:
        return {None: minor}
    return dict(zip(found, allocate(minor, [*found.values()]), strict=True))


def _ranked(weighed: Sequence[Weighed]) -> list[tuple[str, Fraction]]:
    """Sum shares by partner, largest first, adding up to one on a grid that 64 bits hold."""
    summed: dict[str, Fraction] = defaultdict(Fraction)
    for each in weighed:
        summed[each.touch.partner_id] += each.share
    ranked = sorted((item for item in summed.items() if item[1]), key=lambda i: (-i[1], i[0]))
    if all(share.denominator <= GRID for _, share in ranked):
        return ranked
    parts = allocate(GRID, [share for _, share in ranked])
    names = [partner for partner, _ in ranked]
    return [(name, Fraction(part, GRID)) for name, part in zip(names, parts, strict=True)]


def _class_credits(
    amount: Money, credit_class: str, rule: Rule, weighed: Sequence[Weighed]
) -> list[Credit]:
    by_partner: dict[str, list[Weighed]] = defaultdict(list)
    for each in weighed:
        by_partner[each.touch.partner_id].append(each)
    ranked = _ranked(weighed)
    if not ranked:
        return []
    parts = allocate(amount.minor, [share for _, share in ranked])
    return [
        Credit(
            partner_id=partner,
            credit_class=credit_class,
            share=share,
            minor=minor,
            currency=amount.currency,
            touches=len(by_partner[partner]),
            because=_because(rule, credit_class, share, by_partner[partner]),
            weighed=tuple(by_partner[partner]),
        )
        for (partner, share), minor in zip(ranked, parts, strict=True)
    ]


def _vendor(amount: Money, credit_class: str, *, is_touched: bool) -> Credit:
    fact = "No touch of a partner counts" if is_touched else f"No partner has {credit_class} it"
    return Credit(
        partner_id=None,
        credit_class=credit_class,
        share=Fraction(1),
        minor=amount.minor,
        currency=amount.currency,
        touches=0,
        because=f"{fact}, so it is the vendor's own.",
    )


def _because(rule: Rule, credit_class: str, share: Fraction, group: Sequence[Weighed]) -> str:
    """Return why a partner has its share, naming at most three of its touches."""
    named = [
        f"{_what(each.touch)} on {day(each.touch.at.date())} ({each.reason})"
        for each in group
        if each.share
    ]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    text = f"{credit_class.capitalize()} by {_MODEL_WORDS[rule.model]}, share {in_words(share)}: "
    return text + "; ".join(named[:NAMED]) + more + "."


def _what(touch: Touch) -> str:
    return touch.kind.replace("_", " ") or "touch"


_MODEL_WORDS = {
    Model.SOURCED: "registration or lead",
    Model.FIRST: "first touch",
    Model.LAST: "last touch",
    Model.LINEAR: "even split",
    Model.POSITION: "position",
    Model.W: "W",
    Model.TIME_DECAY: "time decay",
    Model.ROLES: "role weights",
    Model.MARKOV: "learned removal effects",
    Model.SHAPLEY: "learned Shapley values",
}
