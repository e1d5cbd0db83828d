"""A contract that begins anew with what remains: prospectively, and in part with a catch-up.

What is distinct from what was transferred takes what was not earned of it into the new contract;
what is under way (one performance, not distinct from what was done) takes all that was allocated to
it, and its measure goes on from the start, so that its revenue catches up (IFRS 15.21(a) to (c),
ASC 606-10-25-13).
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from app.revenue.recognition.allocation import with_ssp
from app.revenue.recognition.book import Book, Frozen, Stage, refused
from app.revenue.recognition.changes import changed, covers, ended, remaining_ssp, repriced_rest
from app.revenue.recognition.events import Change, Event, Modification
from app.revenue.recognition.progress import Measured, share_done
from app.revenue.recognition.span import Span
from app.revenue.recognition.standing import standing
from app.revenue.recognition.terms import Obligation, Pattern

_ONE_PERFORMANCE = frozenset(
    {
        Pattern.COST_TO_COST,
        Pattern.MILESTONES,
        Pattern.PERCENT_COMPLETE,
        Pattern.OUTPUT,
        Pattern.COST_RECOVERY,
    }
)
"""Measured as one performance under way: what remains is not distinct from what is done."""
NOBODYS = "Nothing remains that the rest of the price could belong to:"
NONE: frozenset[str] = frozenset()


def under_way(book: Book, event: Event, change: Modification, stage: Stage) -> frozenset[str]:
    """Return the members whose rest is not distinct from what was transferred of them.

    :raises DocumentRefused: if a name that is declared to be distinct is of no obligation
    """
    declared = change.distinct
    if isinstance(declared, bool):
        return NONE if declared else frozenset(stage.members)
    if declared is not None:
        for name in sorted(declared - {*stage.members, *(each.id for each in change.added)}):
            why = f"There is no obligation “{name}” in what is modified."
            raise refused(f"{event.path}.remaining_distinct", why)
        members = [key for key in stage.members if key not in declared]
    else:
        members = [key for key in stage.members if book.terms[key].pattern in _ONE_PERFORMANCE]
    return going_on(book, event, change, stage) & frozenset(members)


def going_on(book: Book, event: Event, change: Modification, stage: Stage) -> frozenset[str]:
    """Return the members of which something is left to do, or is made so by the change."""
    changes = {each.obligation: each for each in change.changes}
    return frozenset(
        key for key in stage.members if _goes_on(book, event, stage, key, changes.get(key))
    )


def is_begun(book: Book, event: Event, stage: Stage, keys: frozenset[str]) -> bool:
    """Return whether anything was transferred of some members."""
    eve = event.on - timedelta(days=1)
    return any(
        share_done(book.terms[key], stage.spans.get(key), book.measured(key, stage), eve) > 0
        for key in keys
    )


def _goes_on(book: Book, event: Event, stage: Stage, key: str, change: Change | None) -> bool:
    """Return whether there is anything left to do of a member."""
    terms, measured, span = book.terms[key], book.measured(key, stage), stage.spans.get(key)
    if share_done(terms, span, measured, event.on - timedelta(days=1)) < 1:
        return True
    return change is not None and covers(terms, span, change, measured)


@dataclass(slots=True)
class _Rest:
    """What goes into the new contract: who shares its consideration, by which weights."""

    members: list[str] = field(default_factory=list)
    weights: list[Fraction] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)

    def take(self, key: str, weight: Fraction, span: Span | None) -> None:
        """Let one obligation share."""
        self.members.append(key)
        self.weights.append(weight)
        self.spans |= {key: span} if span else {}


def begin_anew(
    book: Book,
    event: Event,
    change: Modification,
    stage: Stage,
    *,
    under_way: frozenset[str] = NONE,
) -> None:
    """Close a stage and open the next one with what remains of its members, and what is added."""
    before = event.on - timedelta(days=1)
    measured = {key: book.measured(key, stage) for key in stage.members}
    frozen = Frozen(before, {key: book.terms[key] for key in stage.members}, measured, under_way)
    book.stages[stage.number] = replace(stage, frozen=frozen)
    by_id = {each.obligation: each for each in change.changes}
    rest = _Rest()
    for place, key in enumerate(stage.members):
        if key in under_way:
            _goes_whole(book, event, stage, by_id.get(key), rest, place)
        else:
            _goes_in_part(book, event, stage, by_id.get(key), rest, place)
    for each in change.added:
        rest.take(each.id, price_of(book.terms[each.id]), each.span)
    if not rest.members and _unearned(book, stage, before) + change.price_change:
        raise refused(event.path, f"{NOBODYS} it is a catch-up, or taken out too.")
    repriced(book, change)
    began = {
        key: stage.measured.get(key, Measured())
        if key in under_way
        else Measured(origin=now.done, installed_before=now.installed)
        for key, now in measured.items()
    }
    weights = tuple(rest.weights) if sum(rest.weights) else (Fraction(1),) * len(rest.weights)
    book.stages.append(
        Stage(
            len(book.stages), stage.number, change.price_change,
            tuple(rest.members), weights, rest.spans, began,
        )
    )  # fmt: skip


def _unearned(book: Book, stage: Stage, on: date) -> int:
    """Return what was allocated in a stage, closed by now, and was not earned when it closed."""
    closed = book.stages[stage.number]
    prices = []
    for each in (stage, closed):
        book.stages[stage.number] = each
        book.shared_out.clear()
        prices.append(standing(book, on).price)
    return prices[0] - prices[1]


def _goes_in_part(
    book: Book, event: Event, stage: Stage, change: Change | None, rest: _Rest, place: int
) -> None:
    """Take what remains of a member, if anything does."""
    key = stage.members[place]
    terms, measured = book.terms[key], book.measured(key, stage)
    span = stage.spans.get(key)
    if (change is not None and change.removed) or not _goes_on(book, event, stage, key, change):
        return
    now, later = changed(terms, span, change, event.on)
    weight = remaining_ssp(terms, now, later, measured, event.on)
    if weight is None:
        done = share_done(terms, span, measured, event.on - timedelta(days=1))
        weight = stage.weights[place] * (1 - done)
    if change is not None and change.ssp is not None:
        weight, now = change.ssp, repriced_rest(now, later, measured, change.ssp)
    book.terms[key] = now
    rest.take(key, weight, later)


def _goes_whole(
    book: Book, event: Event, stage: Stage, change: Change | None, rest: _Rest, place: int
) -> None:
    """Take all of a member that is under way: its measure goes on from where it began."""
    key = stage.members[place]
    terms, span = book.terms[key], stage.spans.get(key)
    if change is not None and change.removed:
        refuse_begun(book, event, stage, change)
        return
    now, _ = changed(terms, span, change, event.on)
    if change is not None and change.ssp is not None:
        now = replace(now, ssp=change.ssp)
    span = span and ended(span, change)
    book.terms[key] = now
    ssp = with_ssp(now).ssp
    rest.take(key, stage.weights[place] if ssp is None else ssp, span)


def refuse_begun(book: Book, event: Event, stage: Stage, change: Change) -> None:
    """Refuse to take out what has been transferred in part.

    :raises DocumentRefused: if it has
    """
    if is_begun(book, event, stage, frozenset({change.obligation})):
        why = f"“{change.obligation}” has been transferred in part and cannot be taken out."
        raise refused(f"{change.path}.remove", why)


def repriced(book: Book, change: Modification) -> None:
    """Give obligations the unit prices that a modification names."""
    for each in change.changes:
        terms = book.terms[each.obligation]
        if each.unit_price is not None:
            book.terms[terms.id] = replace(terms, unit_price=each.unit_price)


def price_of(terms: Obligation) -> Fraction:
    """Return a stand-alone selling price that must be known.

    :raises DocumentRefused: if it is not
    """
    price = with_ssp(terms).ssp
    if price is None:
        raise refused(f"{terms.path}.ssp", "The stand-alone selling price is missing.")
    return price
