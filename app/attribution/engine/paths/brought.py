"""What is asked about many paths, and what the answer is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.attribution.engine.paths.coalitions import Worth
from app.attribution.engine.touches import Rule

Number = Fraction | float
Facts = Mapping[str, Number | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A rule, and what it needs over many paths.

    ``order`` and ``nulls`` are for Markov; ``nulls``, ``worth``, ``samples`` and ``seed`` are for
    Shapley.
    """

    rule: Rule
    order: int = 1
    nulls: bool = True
    worth: Worth = Worth.CONVERSIONS
    samples: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one channel brought over all paths: exact fractions, or floats.

    ``share`` is of all conversions, None where there are none. ``facts`` are what the amounts
    follow from, by name; ``because`` says them in words. ``errors`` are the standard errors of
    conversions and value where they were sampled.
    """

    channel: str
    conversions: Number
    value: Number
    share: Number | None = None
    facts: Facts = field(default_factory=dict)
    because: str = ""
    errors: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What each channel brought, by name; with ``nobody``'s part it adds up to the paths' totals.

    Nobody's are paths of which no touch counts. ``facts`` are about the whole; ``samples`` says
    from how many orders values were estimated, where they were.
    """

    rows: tuple[Brought, ...]
    nobody: Brought
    facts: Facts = field(default_factory=dict)
    samples: int | None = None
