"""Writing events into the book, one kind after the other; what cannot be is refused by its path."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from app.revenue.recognition.book import Book, End, Frozen, Item, Sold, refused
from app.revenue.recognition.estimates import counted
from app.revenue.recognition.events import Event, Kind
from app.revenue.recognition.goods import transferred
from app.revenue.recognition.modify import modify
from app.revenue.recognition.progress import whole_measure
from app.revenue.recognition.terms import Estimate, Obligation, Pattern

ZERO = Fraction(0)
_BY_QUANTITY = frozenset({Pattern.POINT_IN_TIME, Pattern.USAGE, Pattern.OUTPUT})


def write(book: Book, event: Event) -> None:
    """Write one event into the book.

    :raises DocumentRefused: if it contradicts what was before it
    """
    if book.end is not None and event.kind in _WORK:
        raise refused(event.path, f"The contract was cancelled on {book.end.on}.")
    book.shared_out.clear()
    handler = _HANDLERS.get(event.kind)
    if handler is not None:
        handler(book, event)


def _terms(book: Book, event: Event) -> Obligation:
    terms = book.terms.get(event.obligation)
    if terms is None:
        path = f"{event.path}.obligation"
        raise refused(path, f"There is no obligation “{event.obligation}” on {event.on}.")
    return terms


def _count(book: Book, event: Event) -> None:
    terms = _terms(book, event)
    if terms.pattern is Pattern.COST_RECOVERY and event.kind is Kind.DELIVERY:
        book.complete |= {terms.id}
        return
    if terms.pattern not in _BY_QUANTITY:
        why = f"“{terms.id}” is measured by {terms.pattern}, not by quantities."
        raise refused(f"{event.path}.obligation", why)
    before = transferred(book, terms)
    quantity = event.quantity
    if quantity is None:
        quantity = terms.quantity - before
    elif event.cumulative:
        quantity -= before
    if quantity < 0:
        why = f"{event.quantity} is below the {before} before it."
        raise refused(f"{event.path}.cumulative", why)
    if terms.open_ended:
        _sell(book, terms, quantity)
        return
    whole = whole_measure(terms)
    if terms.pattern is Pattern.POINT_IN_TIME and whole is not None and before + quantity > whole:
        why = f"{before + quantity} delivered is more than the {whole} of “{terms.id}”."
        raise refused(f"{event.path}.quantity", why)
    book.done[terms.id] = before + quantity


def _sell(book: Book, terms: Obligation, quantity: Fraction) -> None:
    unit = Sold(quantity, terms.unit_price or ZERO)
    book.sold[terms.id] = (*book.sold.get(terms.id, ()), unit)


def _cost(book: Book, event: Event) -> None:
    terms = _terms(book, event)
    measures = terms.pattern in (Pattern.COST_TO_COST, Pattern.COST_RECOVERY)
    before = (book.done if measures else book.spent).get(terms.id, ZERO)
    amount = event.amount - before if event.cumulative else event.amount
    if amount < 0:
        raise refused(f"{event.path}.cumulative", "It is below the cost before it.")
    book.spent[terms.id] = book.spent.get(terms.id, ZERO) + amount
    if event.uninstalled:
        installed = book.installed.get(terms.id, ZERO) + amount
        if installed > terms.uninstalled:
            why = "It is more than the uninstalled materials of the obligation."
            raise refused(f"{event.path}.amount", why)
        book.installed[terms.id] = installed
    elif event.counts and measures:
        book.done[terms.id] = before + amount


def _progress(book: Book, event: Event) -> None:
    terms = _terms(book, event)
    if terms.pattern is not Pattern.PERCENT_COMPLETE:
        why = f"“{terms.id}” is measured by {terms.pattern}, not by a percentage."
        raise refused(f"{event.path}.obligation", why)
    book.done[terms.id] = event.quantity or ZERO


def _milestone(book: Book, event: Event) -> None:
    terms = _terms(book, event)
    share = {each.id: each.share for each in terms.milestones}.get(event.milestone)
    if share is None:
        why = f"“{terms.id}” has no milestone “{event.milestone}”."
        raise refused(f"{event.path}.milestone", why)
    reached = book.reached.get(terms.id, frozenset())
    if event.milestone in reached:
        raise refused(f"{event.path}.milestone", f"“{event.milestone}” was reached before.")
    book.reached[terms.id] = reached | {event.milestone}
    book.done[terms.id] = book.done.get(terms.id, ZERO) + share


def _expiry(book: Book, event: Event) -> None:
    book.complete |= {_terms(book, event).id}


def _return(book: Book, event: Event) -> None:
    terms = _terms(book, event)
    back = book.returned.get(terms.id, ZERO) + (event.quantity or ZERO)
    if back > (gone := transferred(book, terms)):
        why = f"{back} returned is more than the {gone} delivered of “{terms.id}”."
        raise refused(f"{event.path}.quantity", why)
    book.returned[terms.id] = back


def _item(book: Book, event: Event) -> Item:
    item = book.items.get(event.variable)
    if item is None:
        why = f"There is no variable element “{event.variable}”."
        raise refused(f"{event.path}.variable", why)
    return item


def _estimate(book: Book, event: Event) -> None:
    if event.variable:
        item, estimate = _item(book, event), event.estimate
        if estimate is not None:
            book.items[event.variable] = replace(item, estimate=_onto(item.estimate, estimate))
            _told(book, event, item, estimate)
        return
    terms = _terms(book, event)
    if event.total is not None and terms.open_ended:
        book.terms[terms.id] = replace(terms, expected_quantity=event.total)
    elif event.total is not None:
        book.terms[terms.id] = replace(terms, total=event.total)
    if event.expected_returns is not None or event.returns_rate is not None:
        if terms.returns is None:
            raise refused(event.path, f"“{terms.id}” has no right of return.")
        returns = replace(
            terms.returns, quantity=event.expected_returns, rate=event.returns_rate, unknown=False
        )
        book.terms[terms.id] = replace(book.terms[terms.id], returns=returns)


def _onto(before: Estimate, now: Estimate) -> Estimate:
    """Return a new estimate; one without an amount keeps the former amounts."""
    if now.amount is not None or now.outcomes:
        return now
    return replace(now, amount=before.amount, outcomes=before.outcomes, basis=before.basis)


def _told(book: Book, event: Event, item: Item, estimate: Estimate) -> None:
    now = counted(_onto(item.estimate, estimate), reduces=item.terms.reduces)
    book.note(event.on, f"“{event.variable}” is estimated anew: {now.why}.")


def _true_up(book: Book, event: Event) -> None:
    item = _item(book, event)
    book.items[event.variable] = replace(item, estimate=Estimate(event.amount))
    book.note(event.on, f"“{event.variable}” is certain now.")


def _royalty(book: Book, event: Event) -> None:
    item = _item(book, event)
    if not item.terms.royalty:
        raise refused(f"{event.path}.variable", f"“{event.variable}” is not a royalty.")
    amount = event.amount
    if event.quantity is not None:
        if item.terms.rate is None:
            raise refused(f"{event.path}.sales", f"“{event.variable}” has no rate.")
        amount = event.quantity * item.terms.rate
    book.items[event.variable] = replace(item, sold=item.sold + amount)


def _promise(book: Book, event: Event) -> None:
    net = event.amount - event.fair_value
    if not book.stages or not book.stages[0].members:
        raise refused(event.path, "There is no obligation with a price that it could reduce.")
    book.payables = (*book.payables, (event.on, net))
    if book.stages:
        book.stages[0] = replace(book.stages[0], price=book.stages[0].price - net)


def _invoice(book: Book, event: Event) -> None:
    if event.obligation:
        terms = _terms(book, event)
        sign = 1 if event.kind is Kind.INVOICE else -1
        before = book.invoiced_for.get(terms.id, ZERO)
        book.invoiced_for[terms.id] = before + sign * event.amount


def _cancel(book: Book, event: Event) -> None:
    for place, stage in enumerate(book.stages):
        if stage.frozen is None:
            measured = {key: book.measured(key, stage) for key in stage.members}
            frozen = Frozen(event.on, dict(book.terms), measured)
            book.stages[place] = replace(stage, frozen=frozen)
    book.end = End(event.on, event.refund, event.fee)
    book.note(event.on, "The contract is cancelled; nothing more is earned.")


_WORK = frozenset(
    {
        Kind.DELIVERY, Kind.USAGE, Kind.REDEMPTION, Kind.OUTPUT, Kind.INPUT, Kind.COST,
        Kind.PROGRESS,
        Kind.MILESTONE, Kind.MODIFICATION, Kind.CANCELLATION, Kind.EXPIRY,
    }
)  # fmt: skip
_HANDLERS: dict[Kind, Callable[[Book, Event], None]] = {
    Kind.DELIVERY: _count,
    Kind.USAGE: _count,
    Kind.REDEMPTION: _count,
    Kind.OUTPUT: _count,
    Kind.INPUT: _count,
    Kind.COST: _cost,
    Kind.PROGRESS: _progress,
    Kind.MILESTONE: _milestone,
    Kind.EXPIRY: _expiry,
    Kind.RETURN: _return,
    Kind.ESTIMATE: _estimate,
    Kind.TRUE_UP: _true_up,
    Kind.ROYALTY: _royalty,
    Kind.PROMISE_TO_CUSTOMER: _promise,
    Kind.INVOICE: _invoice,
    Kind.CREDIT_NOTE: _invoice,
    Kind.MODIFICATION: modify,
    Kind.CANCELLATION: _cancel,
}
