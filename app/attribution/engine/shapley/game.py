"""A game: who plays, and what every coalition of them is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from app.attribution.engine.shapley.sampling import Floats, Orders, sampled
from app.attribution.engine.shapley.transform import exact
from app.kernel.errors import Invalid
from app.kernel.reading import DocumentRefused, Node

MOST_EXACT = 12
DEFAULT_SAMPLES = 10_000
_ANY = Fraction(-(10**60))

Coalition = frozenset[str]
Worth = Callable[[Coalition], Fraction | int]


class GameRefused(Invalid):
    """A game does not say what each coalition is worth."""

    code = "attribution.game"


@dataclass(frozen=True, slots=True)
class Shapley:
    """Each player's value: exact, or from ``samples`` orders with its standard error."""

    values: dict[str, Fraction | float]
    errors: dict[str, float] | None = None
    samples: int | None = None


def shapley(
    players: Sequence[str], worth: Worth, *, samples: int | None = None, seed: int = 0
) -> Shapley:
    """Return the Shapley value of each player (Shapley 1953).

    Up to twelve players it is exact: a fraction. Above, or where ``samples`` asks for it, it is
    the mean gain over that many random orders (10,000 unless told), with its standard error.
    """
    names = tuple(sorted(players))
    if samples is None and len(names) <= MOST_EXACT:
        worths = [worth(_coalition(names, mask)) for mask in range(1 << len(names))]
        return Shapley(dict(zip(names, exact(worths, len(names)), strict=True)))
    found = sampled(_gains(names, worth), len(names), samples=samples or DEFAULT_SAMPLES, seed=seed)
    return Shapley(
        dict(zip(names, found.values[:, 0].tolist(), strict=True)),
        dict(zip(names, found.errors[:, 0].tolist(), strict=True)),
        found.samples,
    )


def _coalition(names: Sequence[str], mask: int) -> Coalition:
    return frozenset(name for place, name in enumerate(names) if mask >> place & 1)


def _gains(names: Sequence[str], worth: Worth) -> Callable[[Orders], Floats]:
    known = cache(worth)

    def gains(orders: Orders) -> Floats:
        found = np.zeros((*orders.shape, 1))
        for row, order in enumerate(orders.tolist()):
            joined: Coalition = frozenset()
            before = known(joined)
            for player in order:
                joined |= {names[player]}
                after = known(joined)
                found[row, player, 0] = after - before
                before = after
        return found

    return gains


def read_game(document: object) -> tuple[tuple[str, ...], Worth]:
    """Return players and worth of a JSON document with the key ``v`` (game.schema.json).

    :raises GameRefused: naming the path of what cannot be read, or the coalition that is missing
    """
    try:
        members = Node(document, "").keys(("v",), ("players", "name"))
        worths = _worths(members["v"])
        listed = members["players"].items() if "players" in members else []
        told = [each.text().strip() for each in listed]
        if "name" in members:
            members["name"].text()
    except DocumentRefused as refusal:
        raise GameRefused(refusal.sentence, errors=refusal.errors) from None
    named = {name for coalition in worths for name in coalition}
    if told and named - {*told}:
        raise GameRefused(f"v: “{min(named - {*told})}” is not one of the players.")
    worths.setdefault(frozenset(), Fraction(0))

    def worth(coalition: Coalition) -> Fraction:
        if coalition not in worths:
            raise GameRefused(f"v: the worth of “{','.join(sorted(coalition))}” is missing.")
        return worths[coalition]

    return tuple(sorted({*told, *named})), worth


def _worths(table: Node) -> dict[Coalition, Fraction]:
    if not isinstance(table.value, dict) or not table.value:
        raise table.refuse('Coalitions and their worth are needed here, such as {"a,b": 3}.')
    found: dict[Coalition, Fraction] = {}
    for text, value in table.value.items():
        names = [name.strip() for name in text.split(",")] if text.strip() else []
        node = Node(value, f"v.“{text}”")
        if not all(names) or len({*names}) < len(names):
            raise node.refuse("A coalition is named by its members, each once: “a,b”.")
        if frozenset(names) in found:
            raise node.refuse("This coalition is given twice.")
        found[frozenset(names)] = node.exact(_ANY)
    return found
