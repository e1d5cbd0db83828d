"""Modifications: a separate contract, an old one ended and a new one begun, a catch-up, or both.

IFRS 15.18-21, ASC 606-10-25-10 to 13. A modification takes effect at the start of its day.
"""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from app.revenue.recognition.allocation import allocation, with_ssp
from app.revenue.recognition.anew import (
    NOBODYS,
    begin_anew,
    going_on,
    is_begun,
    price_of,
    refuse_begun,
    repriced,
    under_way,
)
from app.revenue.recognition.book import Book, Figures, Stage, refused
from app.revenue.recognition.changes import changed, ended
from app.revenue.recognition.events import Event, Modification, Treatment
from app.revenue.recognition.progress import whole_measure
from app.revenue.recognition.standing import standing


def modify(book: Book, event: Event) -> None:
    """Write a modification into the book, by the treatment it declares or its terms call for."""
    change = event.modification
    if change is None:
        return
    stage = _stage(book, event, change)
    _check_price(book, event, change, stage)
    treatment, why = _treatment(book, event, stage, change)
    for each in change.added:
        if each.id in book.terms:
            raise refused(f"{each.path}.id", f"There is an obligation “{each.id}” already.")
        book.terms[each.id] = with_ssp(each)
    _credit(book, event, change, stage)
    if stage.number < 0 and treatment is not Treatment.SEPARATE:
        repriced(book, change)
    else:
        _ACTS[treatment](book, event, change, stage)
    words = f"The contract is modified: {_WORDS[treatment]} ({why})."
    book.note(event.on, words, _figures(book, event, treatment, stage))


def _check_price(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    """Refuse what would take more off than the whole price."""
    is_open = any(each.open_ended for each in book.terms.values())
    if change.price_change >= 0 or stage.number < 0 or is_open:
        return
    if standing(book, event.on - timedelta(days=1)).price + change.price_change < 0:
        raise refused(f"{event.path}.price_change", "It takes more off than the whole price.")


def _figures(book: Book, event: Event, treatment: Treatment, stage: Stage) -> Figures:
    """Return what the modified contract shares out, and the price of each unit that remains."""
    found: Figures = {"kind": str(treatment)}
    if stage.number < 0:
        return found
    book.shared_out.clear()
    goes_on = book.stages[stage.number].frozen is None and treatment is Treatment.CATCH_UP
    number = stage.number if goes_on else len(book.stages) - 1
    parts = standing(book, event.on - timedelta(days=1)).parts.get(number, {})
    found["remaining_consideration"] = sum(parts.values())
    found["allocation"] = parts
    if goes_on:
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


def _treatment(
    book: Book, event: Event, stage: Stage, change: Modification
) -> tuple[Treatment, str]:
    if change.treatment is not None:
        return change.treatment, "as declared"
    at_ssp = change.at_ssp
    if at_ssp is None and change.added:
        prices = [with_ssp(each).ssp for each in change.added]
        at_ssp = None not in prices and sum(filter(None, prices)) == change.price_change
    if at_ssp and not change.changes and change.distinct is not False:
        return Treatment.SEPARATE, "distinct additions at their stand-alone selling prices"
    return _by_what_remains(book, event, stage, change)


def _by_what_remains(
    book: Book, event: Event, stage: Stage, change: Modification
) -> tuple[Treatment, str]:
    left = going_on(book, event, change, stage)
    if not left and not change.added:
        return Treatment.CATCH_UP, "nothing remains: what was transferred is priced anew"
    apart = under_way(book, event, change, stage)
    if not apart:
        return Treatment.PROSPECTIVE, "what remains is distinct from what was transferred"
    if apart >= left and not (change.added and change.distinct is None):
        return Treatment.CATCH_UP, "what remains is not distinct from what was transferred"
    if not is_begun(book, event, stage, apart):
        return Treatment.PROSPECTIVE, "what remains is distinct from what was transferred"
    return Treatment.COMBINED, "some of what remains is distinct from what was transferred"


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
    begin_anew(book, event, change, stage)


def _combined(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    begin_anew(book, event, change, stage, under_way=under_way(book, event, change, stage))


def _catch_up(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    """Catch up what is going on; what was transferred in full stays as it is unless declared."""
    left = going_on(book, event, change, stage)
    if change.treatment is None and left and left < {*stage.members}:
        begin_anew(book, event, change, stage, under_way=left)
    else:
        _from_the_start(book, event, change, stage)


def _from_the_start(book: Book, event: Event, change: Modification, stage: Stage) -> None:
    members, weights, spans = list(stage.members), list(stage.weights), dict(stage.spans)
    for each in change.changes:
        terms = book.terms[each.obligation]
        if each.obligation not in members:
            continue
        if each.removed:
            refuse_begun(book, event, stage, each)
            place = members.index(terms.id)
            del members[place], weights[place]
            continue
        span = spans.get(terms.id)
        now, _ = changed(terms, span, each, event.on)
        if each.ssp is not None:
            now = replace(now, ssp=each.ssp)
        book.terms[terms.id] = now
        if span is not None:
            spans[terms.id] = ended(span, each)
    members += [each.id for each in change.added]
    spans |= {each.id: each.span for each in change.added if each.span}
    if members != [*stage.members] or any(each.ssp is not None for each in change.changes):
        weights = [price_of(book.terms[key]) for key in members]
    repriced(book, change)
    price = stage.price + change.price_change
    if not members and price:
        raise refused(event.path, f"{NOBODYS} it is taken out with what it was for.")
    weights = weights if sum(weights) else [Fraction(1) for _ in weights]
    book.stages[stage.number] = replace(
        stage, price=price, members=tuple(members), weights=tuple(weights), spans=spans
    )


_WORDS = {
    Treatment.SEPARATE: "a separate contract",
    Treatment.PROSPECTIVE: "the contract is ended and a new one begins with what remains",
    Treatment.CATCH_UP: "a cumulative catch-up, as if it had been so from the start",
    Treatment.COMBINED: "a catch-up of what is under way, a new contract for what is distinct",
}
_ACTS = {
    Treatment.SEPARATE: _separate,
    Treatment.PROSPECTIVE: _prospective,
    Treatment.CATCH_UP: _catch_up,
    Treatment.COMBINED: _combined,
}
