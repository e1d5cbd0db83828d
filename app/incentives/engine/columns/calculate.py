"""The calculation in columns: the same lines as the plain engine's, many at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from app.incentives.engine.check import refuse_overlaps
from app.incentives.engine.columns.arrays import Bools, Ints, Unfit
from app.incentives.engine.columns.arrival import in_order
from app.incentives.engine.columns.chains import Chain, chains_of, islands_of
from app.incentives.engine.columns.facts import FactColumns
from app.incentives.engine.columns.lines import LineColumns
from app.incentives.engine.columns.ordered import KINDS, Ordered
from app.incentives.engine.columns.paying import Made, Sheet, made
from app.incentives.engine.columns.plainly import Remainder, plain_lines
from app.incentives.engine.columns.profiles import Profiles
from app.incentives.engine.columns.room import Room
from app.incentives.engine.columns.settings import Setting, profiles_for, setting
from app.incentives.engine.columns.support import why_not
from app.incentives.engine.facts import UNDOING
from app.incentives.engine.plan import PlanVersion

CHUNK = 1 << 18
"""Facts that are worked on at once: few enough for their columns to stay near the processor."""
Island = tuple[Setting, ...]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Work:
    """What the parts of a calculation have in common; each writes to its part of the room."""

    facts: Ordered
    profiles: Ints
    opens: Mapping[str, Bools]
    islands: Sequence[Island]
    room: Room
    remainder: Remainder


def calculate_columns(
    facts: FactColumns,
    plans: Iterable[PlanVersion],
    as_of: datetime,
    *,
    partners: Collection[str] | None = None,
) -> LineColumns:
    """Return every line as ``calculate`` does, of some partners or of all (None).

    What is not calculated in columns (see ``supported``) the plain engine calculates, so that the
    lines are the same whatever the plans say.

    :raises ContradictingEvents: if two records of an event, made at the same moment, differ
    :raises OverlappingVersions: if two versions of one plan are in force on the same day
    """
    versions = sorted(plans, key=lambda plan: (plan.code, plan.version))
    refuse_overlaps(versions)
    ordered = in_order(facts, as_of, partners)
    remainder = Remainder(facts, versions, as_of, partners)
    islands, profiles = _islands(ordered, versions, remainder)
    settings = [each for island in islands for each in island]
    spans = _spans(ordered)
    room = Room(_sizes(ordered, profiles, settings, spans), limits=any(map(_limits, settings)))
    work = Work(ordered, profiles.codes, _opens(settings), islands, room, remainder)
    for part, span in enumerate(spans):
        _range(work, part, span)
    return LineColumns.of(ordered, settings, room, plain_lines(remainder))


def _islands(
    ordered: Ordered, versions: Sequence[PlanVersion], remainder: Remainder
) -> tuple[list[Island], Profiles]:
    """Return what is calculated in columns, made ready; the rest remains."""
    fit: list[tuple[Chain, ...]] = []
    for island in islands_of(chains_of(versions)):
        if why_not(island) is None:
            fit.append(island)
        else:
            remainder.leave(island)
    profiles = profiles_for(ordered, [chain for island in fit for chain in island])
    ready = []
    for island in fit:
        try:
            ready.append(tuple(setting(ordered, profiles, chain) for chain in island))
        except Unfit:
            remainder.leave(island)
    return ready, profiles


def _opens(settings: Sequence[Setting]) -> dict[str, Bools]:
    """Return for each plan, by profile, whether any of its chains looks at a fact."""
    found: dict[str, Bools] = {}
    for one in settings:
        plan, _ = one.chain.key
        found[plan] = found.get(plan, np.False_) | (one.looks != 0)
    return found


def _spans(ordered: Ordered) -> list[Span]:
    """Return ranges of rows of about one size that each hold whole partners."""
    cuts = [0]
    for edge in ordered.edges():
        if edge - cuts[-1] >= CHUNK:
            cuts.append(edge)
    if cuts[-1] != len(ordered):
        cuts.append(len(ordered))
    return list(pairwise(cuts))


def _sizes(
    ordered: Ordered, profiles: Profiles, settings: Sequence[Setting], spans: Sequence[Span]
) -> list[int]:
    """Return the most lines that each range of rows can have."""
    each = np.zeros(profiles.count, np.int64)
    for one in settings:
        each += (one.looks != 0) * _parts(one)
    back = np.isin(ordered.kinds, [KINDS.index(kind) for kind in UNDOING]) * sum(
        map(_parts, settings)
    )
    return [
        int(each.take(profiles.codes[start:stop]).sum() + back[start:stop].sum())
        for start, stop in spans
    ]


def _parts(one: Setting) -> int:
    return 2 if any(place.component.timing.holdback for place in one.chain.places) else 1


def _limits(one: Setting) -> bool:
    return bool(one.chain.first.caps or one.chain.first.base_caps)


def _range(work: Work, part: int, span: Span) -> None:
    sheet = Sheet(work.facts.part(*span), work.profiles[slice(*span)], work.opens)
    for island in work.islands:
        _island(work, part, sheet, island)


def _island(work: Work, part: int, sheet: Sheet, island: Island) -> None:
    """Write the lines of chains that depend on one another; whom they do not fit remains."""
    try:
        for each in made(sheet, island):
            _write(work.room, part, sheet, each)
    except Unfit:
        halves = sheet.halves()
        if not halves:
            code = int(sheet.facts.partner[0])
            chains = [each.chain for each in island]
            work.remainder.leave(chains, work.facts.facts.people.ids[code])
        for half in halves:
            _island(work, part, half, island)


def _write(room: Room, part: int, sheet: Sheet, each: Made) -> None:
    for paid in each.paid:
        room.write(part, sheet.facts, each.setting, paid)
    for line in each.reversed:
        room.write_back(part, sheet.facts, each.setting, line)
