"""Two policies over the same history: who gains, who loses, and that the totals are the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.attribution.engine.credit import cents
from app.attribution.engine.history import Journey
from app.attribution.engine.touches import Policy

Key = tuple[str, str, str | None]
"""A class, a currency, and a partner; None is the vendor's own part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What one partner has of all won journeys in one class and currency under each policy."""

    credit_class: str
    currency: str
    partner_id: str | None
    before: int
    after: int

    @property
    def difference(self) -> int:
        """What the second policy gives it more, in minor units; a loss is below zero."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The comparison: a row for each partner, largest gain first, the vendor's own part last.

    ``left_out`` are the classes that only one of the policies has: they cannot be compared.
    """

    rows: tuple[Gain, ...]
    left_out: tuple[str, ...]
    journeys: int

    def total(self, credit_class: str, currency: str) -> tuple[int, int]:
        """Return what was given in a class and currency under each policy: the same twice."""
        rows = [r for r in self.rows if (r.credit_class, r.currency) == (credit_class, currency)]
        return sum(row.before for row in rows), sum(row.after for row in rows)


def backtest(journeys: Iterable[Journey], before: Policy, after: Policy) -> Backtest:
    """Return what each partner gains and loses where ``after`` had held instead of ``before``.

    Every won journey is credited under both, to the cent. Lost ones brought nothing to credit.
    """
    won = [journey for journey in journeys if journey.is_won]
    shared = [name for name in before.classes if name in after.classes]
    first, second = (
        totals(won, Policy(policy.code, policy.title, {n: policy.classes[n] for n in shared}))
        for policy in (before, after)
    )
    rows = [
        Gain(
            credit_class=key[0],
            currency=key[1],
            partner_id=key[2],
            before=first.get(key, 0),
            after=second.get(key, 0),
        )
        for key in first.keys() | second.keys()
    ]
    return Backtest(
        rows=tuple(sorted(rows, key=_place)),
        left_out=tuple(sorted(before.classes.keys() ^ after.classes.keys())),
        journeys=len(won),
    )


def totals(journeys: Iterable[Journey], policy: Policy) -> Mapping[Key, int]:
    """Return what each partner has of the won journeys under a policy, in minor units."""
    sums: dict[Key, int] = defaultdict(int)
    won = [journey for journey in journeys if journey.is_won]
    for name, rule in policy.classes.items():
        for journey in won:
            own = [touch for touch in journey.touches if touch.touch_class == name]
            given = cents(journey.minor, own, rule, won_at=journey.closed_at)
            for partner, minor in given.items():
                sums[name, journey.currency, partner] += minor
    return dict(sums)


def _place(row: Gain) -> tuple[str, str, bool, int, str]:
    own = row.partner_id is None
    return row.credit_class, row.currency, own, -row.difference, row.partner_id or ""
