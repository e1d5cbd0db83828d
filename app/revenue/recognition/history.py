"""The book of a contract as it was known on any day."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.kernel.money import round_half_away
from app.revenue.recognition.allocation import Allocation, allocation, toward_price
from app.revenue.recognition.book import Book, Item, Stage, refused
from app.revenue.recognition.calendar import DAY
from app.revenue.recognition.document import Document
from app.revenue.recognition.events import ADJUSTING, Event, Kind
from app.revenue.recognition.fold import write
from app.revenue.recognition.progress import whole_measure
from app.revenue.recognition.standing import Standing, amount_of, standing
from app.revenue.recognition.terms import Obligation, Pattern, Variable


def pooled(obligations: tuple[Obligation, ...]) -> list[Obligation]:
    """Return the obligations that share the transaction price."""
    return [
        each
        for each in obligations
        if not each.open_ended and each.pattern is not Pattern.AS_INVOICED
    ]


def _is_awaited(book: Book, terms: Obligation) -> bool:
    """Return whether an obligation is planned to be done on a day that has not come."""
    whole = whole_measure(terms)
    is_done = whole is not None and book.done.get(terms.id, 0) >= whole
    return terms.expected_on is not None and not is_done


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What changed at once, by obligation and in grains, through events of one day."""

    on: date
    kinds: tuple[Kind, ...]
    changes: dict[str, int]


class History:
    """Books by day and by what was recorded, each made once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.events = tuple(sorted(document.events, key=lambda event: event.order))
        self.allocated: Allocation | None = None
        self._beginning = self._begin()
        self._books: dict[date | None, dict[int, Book]] = {}
        self._standings: dict[tuple[int, date | None, date], Standing] = {}
        self._timely: dict[int, bool] = {}
        self._days: dict[date | None, list[date]] = {}
        self._visible: dict[date | None, tuple[Event, ...]] = {}
        last = self.book(date.max)
        self.left_out = frozenset(
            key for key, terms in last.terms.items() if not terms.remaining_counts
        )
        """Obligations that a practical expedient keeps out of what remains."""

    def book(self, on: date, recorded: date | None = None) -> Book:
        """Return the book at the end of ``on``, of what was recorded by ``recorded``.

        :raises DocumentRefused: if an event contradicts what was before it
        """
        if recorded not in self._visible:
            events = self._recorded(recorded)
            self._visible[recorded] = events
            self._days[recorded] = [event.on for event in events]
        count = bisect_right(self._days[recorded], on)
        return self._after(count, recorded)

    def standing(self, on: date, recorded: date | None = None) -> Standing:
        """Return how the contract stood at the end of ``on``."""
        if not self._known(on, recorded):
            return Standing()
        return self._found(self.book(on, recorded), on, on)

    def expected(self, on: date, known: date) -> Standing:
        """Return how the contract is planned to stand on a later day."""
        if not self._known(known, None):
            return Standing()
        return self._found(self.book(known), on, known)

    def completed(self, known: date) -> Standing:
        """Return how it will stand when all is done, as far as is known."""
        if not self._known(known, None):
            return Standing()
        book = self.book(known)
        return self._found(book, None, self._seen_from(book, known))

    def in_the_end(self, known: date) -> Standing:
        """Return how it is planned to stand when every planned day has passed."""
        if not self._known(known, None):
            return Standing()
        book = self.book(known)
        return self._found(book, date.max, self._seen_from(book, known))

    def _seen_from(self, book: Book, known: date) -> date:
        """Return a day that stands for all from which the far future looks the same."""
        lapses = any(each.returns is not None for each in book.terms.values())
        return known if lapses else date.min

    def _found(self, book: Book, on: date | None, known: date) -> Standing:
        if on is not None and on > known and self._by_time_alone(book):
            known = on  # nothing is planned: it looks the same from every day
        key = (id(book), on, known)
        if key not in self._standings:
            all_done = on is None
            made = standing(book, on or date.max, known, all_done=all_done)
            self._standings[key] = made
        return self._standings[key]

    def _by_time_alone(self, book: Book) -> bool:
        """Return whether nothing but time moves a contract on, as far as the book tells."""
        if id(book) not in self._timely:
            self._timely[id(book)] = not any(
                each.returns is not None or _is_awaited(book, each) for each in book.terms.values()
            )
        return self._timely[id(book)]

    def catch_ups(self) -> list[CatchUp]:
        """Return what changes of estimate and modifications changed at once, day by day."""
        days = sorted({event.on for event in self.events if event.kind in ADJUSTING})
        return [found for on in days if (found := self._catch_up(on)) is not None]

    def _catch_up(self, on: date) -> CatchUp | None:
        eve = on - DAY
        if not self._known(on, None):
            return None
        events = [event for event in self.events if event.on == on and event.kind in ADJUSTING]
        before = self.book(eve)
        after = before.copy()
        for event in events:
            write(after, event)
        was, now = standing(before, eve).revenue, standing(after, eve).revenue
        changes = {key: amount - was.get(key, 0) for key, amount in now.items()}
        changes = {key: amount for key, amount in changes.items() if amount}
        return CatchUp(on, tuple(event.kind for event in events), changes) if changes else None

    @property
    def inception(self) -> Standing:
        """How the contract stands before anything happens: its price and allocation."""
        return standing(self._beginning, date.min)

    def _known(self, on: date, recorded: date | None) -> bool:
        contract = self.document.contract
        begun = contract.inception is None or on >= contract.inception
        written = recorded is None or (contract.recorded_on or contract.inception or on) <= recorded
        met = contract.criteria_met_on is None or on >= contract.criteria_met_on
        return begun and written and contract.criteria_met and met

    def _recorded(self, recorded: date | None) -> tuple[Event, ...]:
        if recorded is None:
            return self.events
        return tuple(event for event in self.events if event.recorded_on <= recorded)

    def _after(self, count: int, recorded: date | None) -> Book:
        books = self._books.setdefault(recorded, {0: self._beginning})
        if count not in books:
            known = max(number for number in books if number < count)
            book = books[known].copy()
            for event in self._visible[recorded][known:count]:
                write(book, event)
            books[count] = book
        return books[count]

    def _begin(self) -> Book:
        document = self.document
        book = Book(terms={each.id: each for each in document.obligations})
        price = document.price
        if price is None:
            return book
        members = pooled(document.obligations)
        fixed = price.fixed + price.noncash
        promised = [each for each in price.payables if each.promised_on is None]
        first = document.contract.inception or date.min
        for payable in promised:
            net = payable.amount - payable.fair_value
            book.payables = (*book.payables, (first, net))
            fixed -= net
        for variable in price.variables:
            book.items[variable.id] = Item(variable, 0, variable.estimate)
        spans = {each.id: each.span for each in members if each.span}
        weights: tuple[Fraction, ...] = ()
        if members:
            total = Fraction(round_half_away(fixed)) + self._shared(price.variables, fixed, book)
            reduced = toward_price(members, price.variables)
            self.allocated = allocation(total, reduced, document.discounts)
            weights = tuple(self.allocated.weights)
        elif document.obligations and fixed:
            why = "No obligation shares a price: each is priced as it is transferred."
            raise refused("transaction_price", why)
        book.stages.append(
            Stage(0, None, fixed, tuple(each.id for each in members), weights, spans, {})
        )
        return book

    @staticmethod
    def _shared(variables: tuple[Variable, ...], fixed: Fraction, book: Book) -> Fraction:
        amounts = [
            amount_of(book.items[each.id], fixed) for each in variables if not each.obligations
        ]
        return Fraction(sum(amounts))
