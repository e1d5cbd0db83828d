"""Modifications: a separate contract, the old one ended and a new one begun, or a catch-up.

IFRS 15.18-21, ASC 606-10-25-10 to 13. A modification takes effect at the start of its day.
"""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from app.revenue.recognition.allocation import allocation, with_ssp
from app.revenue.recognition.book import Book, Figures, Frozen, Stage, refused
from app.revenue.recognition.changes import changed, covers, remaining_ssp
from app.revenue.recognition.events import Change, Event, Modification, Treatment
from app.revenue.recognition.progress import Measured, share_done, whole_measure
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


def modify(book: Book, event: Event) -> None:
    """Write a modification into the book, by the treatment it declares or its terms call for."""
    change = event.modification
    if change is None:
        return
    stage = _stage(book, event, change)
    treatment, why = _treatment(book, stage, change)
    for each in change.added:
        if each.id in book.terms:
            raise refused(f"{each.path}.id", f"There is an obligation “{each.id}” already.")
        book.terms[each.id] = with_ssp(each)
    _credit(book, event, change, stage)
    if stage.number < 0 and treatment is not Treatment.SEPARATE:
        _reprice(book, change)
    else:
        _ACTS[treatment](book, event, change, stage)
    words = f"The contract is modified: {_WORDS[treatment]} ({why})."
    book.note(event.on, words, _figures(book, event, treatment, stage))


def _figures(book: Book, event: Event, treatment: Treatment, stage: Stage) -> Figures:
    """Return what the modified contract shares out, and the price of each unit that remains."""
    found: Figures = {"kind": str(treatment)}
    if stage.number < 0:
        return found
    book.shared_out.clear()
    number = stage.number if treatment is Treatment.CATCH_UP else len(book.stages) - 1
    parts = standing(book, event.on - timedelta(days=1)).parts.get(number, {})
    found["remaining_consideration"] = sum(parts.values())
    found["allocation"] = parts
    if treatment is Treatment.CATCH_UP:
        found["transaction_price"] = found.pop("remaining_consideration")
    elif len(parts) == 1:
        key = next(iter(parts))
        left = (whole_measure(book.terms[key]) or 0) - book.done.get(key, 0)
        if book.terms[key].counted and left:
            found["remaining_quantity"] = str(left)
            found["per_unit"] = Fraction(parts[key]) / left
    return found


def _stage(book: Book, event: Event, change: Modification) -> Stage:
    named = [book.stage_of(each.obligation) for each in change.changes]
    for each in change.changes:
        if each.obligation not in book.terms:
            raise refused(f"{each.path}.id", f"There is no obligation “{each.obligation}”.")
    stage = next((each for each in named if each is not None), None) or book.main_stage()
    if stage is None or stage.frozen is not None:
        if not change.changes or all(book.terms[c.obligation].open_ended for c in change.changes):
            return Stage(-1, None, Fraction(0), (), (), {}, {})
        raise refused(event.path, "There is no contract under way to modify.")
    return stage


def _treatment(book: Book, stage: Stage, change: Modification) -> tuple[Treatment, str]:
    if change.treatment is not None:
        return change.treatment, "as declared"
    at_ssp = change.at_ssp
    if at_ssp is None and change.added:
        prices = [with_ssp(each).ssp for each in change.added]
        at_ssp = None not in prices and sum(filter(None, prices)) == change.price_change
    if at_ssp and not change.changes and change.distinct is not False:
        return Treatment.SEPARATE, "distinct additions at their stand-alone selling prices"
    distinct = change.distinct
    if distinct is None:
        kinds = {book.terms[key].pattern for key in stage.members}
        distinct = not kinds & _ONE_PERFORMANCE
    if distinct:
        return Treatment.PROSPECTIVE, "what remains is distinct from what was transferred"
    return Treatment.CATCH_UP, "what remains is not distinct from what was transferred"


def _credit(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    if not change.credit:
        return
    key = change.credit_of or next(iter(stage.members), "")
    if key not in book.terms:
        raise refused(f"{event.path}.credit_of", f"There is no obligation “{key}”.")
    book.credits[key] = book.credits.get(key, Fraction(0)) + change.credit


def _separate(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    del stage
    if change.changes or not change.added:
        why = "A separate contract adds obligations of its own: name them under “add”."
        raise refused(event.path, why)
    shares = allocation(change.price_change, change.added)
    added = tuple(each.id for each in change.added)
    spans = {each.id: each.span for each in change.added if each.span}
    number = len(book.stages)
    book.stages.append(
        Stage(number, None, change.price_change, added, tuple(shares.weights), spans, {})
    )


def _prospective(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    before = event.on - timedelta(days=1)
    measured = {key: book.measured(key, stage) for key in stage.members}
    frozen = Frozen(before, {key: book.terms[key] for key in stage.members}, measured)
    book.stages[stage.number] = replace(stage, frozen=frozen)
    by_id = {each.obligation: each for each in change.changes}
    members: list[str] = []
    weights: list[Fraction] = []
    spans: dict[str, Span] = {}
    for place, key in enumerate(stage.members):
        weight, span = _remains(book, event, stage, place, by_id.get(key))
        if weight is not None:
            members.append(key)
            weights.append(weight)
            spans |= {key: span} if span else {}
    for each in change.added:
        members.append(each.id)
        weights.append(_price_of(book.terms[each.id]))
        spans |= {each.id: each.span} if each.span else {}
    _reprice(book, change)
    began = {
        key: Measured(origin=now.done, installed_before=now.installed)
        for key, now in measured.items()
    }
    number = len(book.stages)
    chosen = tuple(weights) if sum(weights) else tuple(Fraction(1) for _ in weights)
    book.stages.append(
        Stage(
            number,
            stage.number,
            change.price_change,
            tuple(members),
            chosen,
            spans,
            began,
        )
    )


def _remains(
    book: Book, event: Event, stage: Stage, place: int, change: Change | None
) -> tuple[Fraction | None, Span | None]:
    """Return the weight and time of what remains of a member, or None if nothing does."""
    key = stage.members[place]
    terms, measured = book.terms[key], book.measured(key, stage)
    span = stage.spans.get(key)
    done = share_done(terms, span, measured, event.on - timedelta(days=1))
    if change is not None and change.removed:
        return None, None
    grown = change is not None and covers(terms, span, change, measured)
    if done == 1 and not grown:
        return None, None
    now, later = changed(terms, span, change, event.on)
    weight = remaining_ssp(terms, span, now, later, measured)
    if weight is None:
        weight = stage.weights[place] * (1 - done)
    if change is not None and change.ssp is not None:
        weight = change.ssp
    book.terms[key] = now
    return weight, later


def _catch_up(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    members, weights, spans = list(stage.members), list(stage.weights), dict(stage.spans)
    for each in change.changes:
        terms = book.terms[each.obligation]
        if each.obligation not in members:
            continue
        if each.removed:
            if book.done.get(terms.id):
                why = f"“{terms.id}” has been transferred in part and cannot be taken out."
                raise refused(f"{each.path}.remove", why)
            place = members.index(terms.id)
            del members[place], weights[place]
            continue
        span = spans.get(terms.id)
        now, _ = changed(terms, span, each, event.on)
        if each.ssp is not None:
            now = replace(now, ssp=each.ssp)
        book.terms[terms.id] = now
        if span is not None and each.until is not None:
            spans[terms.id] = replace(span, until=each.until)
    members += [each.id for each in change.added]
    spans |= {each.id: each.span for each in change.added if each.span}
    if len(members) != len(stage.members) or any(each.ssp is not None for each in change.changes):
        weights = [_price_of(book.terms[key]) for key in members]
    _reprice(book, change)
    price = stage.price + change.price_change
    book.stages[stage.number] = replace(
        stage, price=price, members=tuple(members), weights=tuple(weights), spans=spans
    )


def _reprice(book: Book, change: Modification) -> None:
    for each in change.changes:
        terms = book.terms[each.obligation]
        if each.unit_price is not None:
            book.terms[terms.id] = replace(terms, unit_price=each.unit_price)


def _price_of(terms: Obligation) -> Fraction:
    price = with_ssp(terms).ssp
    if price is None:
        raise refused(f"{terms.path}.ssp", "The stand-alone selling price is missing.")
    return price


_WORDS = {
    Treatment.SEPARATE: "a separate contract",
    Treatment.PROSPECTIVE: "the contract is ended and a new one begins with what remains",
    Treatment.CATCH_UP: "a cumulative catch-up, as if it had been so from the start",
}
_ACTS = {
    Treatment.SEPARATE: _separate,
    Treatment.PROSPECTIVE: _prospective,
    Treatment.CATCH_UP: _catch_up,
}
