"""What chains that depend on one another pay for the facts of some partners, and take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.incentives.engine.columns.arrays import Bools, Ints
from app.incentives.engine.columns.choosing import chosen
from app.incentives.engine.columns.earning import Earned, earn
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.payment import Paid, paid
from app.incentives.engine.columns.reversing import Reversed, taken_back
from app.incentives.engine.columns.settings import Setting
from app.incentives.engine.columns.standing import standing
from app.incentives.engine.columns.undone import Undone, undone_under


@dataclass(frozen=True, slots=True)
class Sheet:
    """The facts of some partners in order, and the profile of each.

    ``opens`` says for each plan, by profile, whether any of its chains looks at a fact.
    """

    facts: Ordered
    profiles: Ints
    opens: Mapping[str, Bools]

    def looked_at(self, setting: Setting) -> Ints:
        """Return the rows of the facts that a chain looks at.

        They are sought among those that any chain of its plan looks at, which may be far fewer.
        """
        plan, _ = setting.chain.key
        near, profiles = self.facts.keep(("near", plan), lambda: self._near(plan))
        return near.take(np.flatnonzero(setting.looks.take(profiles) != 0))

    def _near(self, plan: str) -> tuple[Ints, Ints]:
        rows = np.flatnonzero(self.opens[plan].take(self.profiles))
        return rows, self.profiles.take(rows)

    def halves(self) -> "list[Sheet]":
        """Return the same facts on two sheets; none where they are of one partner."""
        edges = self.facts.edges()
        if len(edges) < 3:
            return []
        middle = edges[len(edges) // 2]
        return [
            Sheet(self.facts.part(start, stop), self.profiles[start:stop], self.opens)
            for start, stop in ((0, middle), (middle, edges[-1]))
        ]


@dataclass(frozen=True, slots=True)
class Made:
    """The lines of one chain: what is paid, by part, and what is taken back."""

    setting: Setting
    paid: Sequence[Paid]
    reversed: Sequence[Reversed]


def made(sheet: Sheet, island: Sequence[Setting]) -> list[Made]:
    """Return the lines of chains of which groups and limits join no others.

    :raises Unfit: if the facts of some partner cannot be calculated in columns
    """
    counted = [_counted(sheet, setting) for setting in island]
    pairs = [(setting.chain, earned) for setting, (earned, _) in zip(island, counted, strict=True)]
    winners = {chain.key: earned for chain, earned in chosen(pairs, len(sheet.facts))}
    return [
        _made(sheet, setting, winners[setting.chain.key], *each)
        for setting, each in zip(island, counted, strict=True)
    ]


def _counted(sheet: Sheet, setting: Setting) -> tuple[Earned, Undone | None]:
    undone = undone_under(sheet.facts, setting.chain.first)
    stood = standing(sheet.facts, sheet.looked_at(setting), setting, undone)
    places = setting.looks.take(sheet.profiles.take(stood.rows))
    return earn(sheet.facts, places, setting, stood), undone


def _made(
    sheet: Sheet, setting: Setting, winner: Earned, earned: Earned, undone: Undone | None
) -> Made:
    parts = paid(sheet.facts, setting.chain, winner)
    if undone is None:
        return Made(setting, parts, ())
    back = taken_back(sheet.facts, setting.chain, earned, undone, parts)
    return Made(setting, parts, back)
