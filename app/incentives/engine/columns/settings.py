"""Chains made ready for some facts: who looks at which, how it counts, its tables as pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.incentives.engine.columns.arrays import Ints, Unfit
from app.incentives.engine.columns.chains import Chain, Place
from app.incentives.engine.columns.features import atoms_of, features_of
from app.incentives.engine.columns.measure import Counting, counting
from app.incentives.engine.columns.ordered import Ordered
from app.incentives.engine.columns.pieces import Pieces, pieces_of
from app.incentives.engine.columns.profiles import Profiles, profiles_of
from app.incentives.engine.plan import Basis, Cap, RateTable

MOST_PLACES = 255


@dataclass(frozen=True, slots=True)
class Setting:
    """A chain made ready: ``looks`` is, by profile, which place looks at a fact (0: none).

    ``pays`` counts what is paid on, ``moves`` what moves the running total; ``pieces`` are the
    tables of each place.
    """

    chain: Chain
    looks: Ints
    pays: Counting
    moves: Counting
    pieces: tuple[Pieces, ...]

    @property
    def table(self) -> RateTable:
        """A table of the chain; what must not differ is read from it."""
        return self.chain.places[0].table

    @property
    def counts(self) -> bool:
        """Whether what is paid on moves the running total."""
        return self.table.runs and self.table.qualify is None


def profiles_for(ordered: Ordered, chains: Sequence[Chain]) -> Profiles:
    """Return the profile of each fact as far as some chains tell them apart."""
    places = [place for chain in chains for place in chain.places]
    features = features_of(ordered, atoms_of(places))
    return profiles_of(features, len(ordered))


def setting(ordered: Ordered, profiles: Profiles, chain: Chain) -> Setting:
    """Return a chain made ready for facts.

    :raises Unfit: if its numbers are too fine or too large for columns
    """
    if len(chain.places) > MOST_PLACES:
        raise Unfit("There are too many versions to be calculated in columns.")
    first = chain.places[0]
    qualify = first.table.qualify
    pays = _counting(ordered, first, first.component.basis)
    moves = pays if qualify is None else _counting(ordered, first, qualify)
    if qualify is not None and max(pays.scale, moves.scale) > 1:
        raise Unfit("A measure that qualifies is counted in columns in one currency alone.")
    pieces = tuple(pieces_of(place.table, pays.scale) for place in chain.places)
    for reset in (first.table.reset, *(cap.period for cap in _caps(chain))):
        ordered.starts(reset)  # told of all facts at once: each day is asked about a single time
    return Setting(chain, profiles.places(chain), pays, moves, pieces)


def _caps(chain: Chain) -> tuple[Cap, ...]:
    return *chain.first.caps, *chain.first.base_caps


def _counting(ordered: Ordered, place: Place, basis: Basis) -> Counting:
    """Return how a basis is counted; those that count alike share what is counted."""
    table, share, currency = place.table, place.component.share, place.plan.currency
    fixed = (table.mode, table.amount is None, table.per)
    name = ("counting", basis, fixed, share, currency)
    return ordered.keep(name, lambda: counting(ordered.facts, basis, table, share, currency))
