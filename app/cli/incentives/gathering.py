"""The events of a file too large to be held: checked, and gathered by partner in a temporary file.

They are read once. Then records that name one another (by key, order, invoice or reversal) are held
against each other, some at a time, as a small file's are all at once; then each partner has its
events together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter

from app.cli.incentives.linked import Links
from app.cli.incentives.spill import Heaps
from app.cli.incentives.watching import end_of, watch
from app.incentives.engine import Block, CreditedEvent, Facts, PartnerFacts
from app.incentives.engine.consistency import Told, consistent
from app.incentives.engine.event_document import read_event
from app.kernel.reading import Node

A_HEAP = 50_000
"""Events that are looked at together, where nothing asks for more."""
HEAPS = 100
"""The most heaps; where there are more events, heaps are larger."""
MOST = 1_000_000
"""Events that fit into memory at once: of one partner, or of those that name one another."""
_NAMES = [each.name for each in fields(CreditedEvent)]
_values = attrgetter(*_NAMES)


class Gathered:
    """Events in a temporary file: first as they come, then by partner.

    ``last`` is the latest moment that they tell of.
    """

    def __init__(self) -> None:
        self._told = Heaps()
        self._links = Links()
        self._first: dict[str, int] = {}
        self._counts: dict[str, int] = defaultdict(int)
        self.last: datetime | None = None

    def add(self, index: int, value: object) -> None:
        """Read an event and keep it.

        :raises DocumentRefused: if it is none
        """
        told = read_event(Node(value, f"events[{index}]"))
        partner, end = told.event.partner_id, end_of(told.event)
        self._links.add(told)
        self._first.setdefault(partner, index)
        self._counts[partner] += 1
        self.last = end if self.last is None else max(end, self.last)
        flags = told.is_dated, told.is_shared, told.is_overlay, told.invoice
        self._told.add(0, (index, flags, _values(told.event)))

    def settle(self, facts: Facts) -> "Settled":
        """Hold all events against each other, and gather them by partner; ``facts`` tell the rest.

        :raises DocumentRefused: naming the path of what cannot be true
        """
        known = {partner.id for partner in facts.partners}
        for partner, first in self._first.items():
            if partner not in known:
                node = Node(None, f"events[{first}]")
                raise node.refuse(f"Partner “{partner}” is not among the partners.")
        settled = Settled(facts, self._counts)
        for told in self._together():
            settled.add(consistent(told))
        return settled

    def _together(self) -> Iterator[list[Told]]:
        """Yield records some at a time, those that name one another together."""
        if not self._counts:
            return
        heaps, count = Heaps(), 0
        numbers = self._links.numbers(_size(len(self._links)), MOST)
        for number, record in zip(numbers, self._told.read(0), strict=True):
            heaps.add(number, record)
            count = max(count, number + 1)
        for number in watch(range(count), 2):
            yield [_told(*record) for record in heaps.read(number)]


class Settled:
    """Facts with more events than can be held: those of a partner are in one heap."""

    def __init__(self, facts: Facts, counts: dict[str, int]) -> None:
        self._facts = facts
        self._counts = counts
        self._heaps = Heaps()
        self._heap: dict[str, int] = {}
        size, so_far = _size(sum(counts.values())), 0
        for partner in sorted(facts.partners, key=lambda each: each.id):
            self._heap[partner.id] = so_far // size
            so_far += counts[partner.id]

    def add(self, events: Iterable[CreditedEvent]) -> None:
        """Put events where those of their partners are."""
        for event in events:
            self._heaps.add(self._heap[event.partner_id], _values(event))

    def groups(self, *, together: bool) -> Iterator[Facts]:
        """Return the facts of some partners at a time; of all where they count ``together``.

        :raises DocumentRefused: if so many events do not fit into memory
        """
        self._refuse_many(together=together)
        count = max(self._heap.values(), default=-1) + 1
        if not together:
            return self._apart(count)
        events = (event for heap in range(count) for event in self._events(heap))
        return iter([replace(self._facts, events=tuple(events))])

    def _apart(self, count: int) -> Iterator[Facts]:
        partners: dict[int, list[PartnerFacts]] = defaultdict(list)
        for partner in self._facts.partners:
            partners[self._heap[partner.id]].append(partner)
        blocks: dict[int, list[Block]] = defaultdict(list)
        for block in self._facts.blocks:
            blocks[self._heap[block.partner_id]].append(block)
        for heap in watch(range(count), 2):
            yield Facts.of(partners[heap], self._events(heap), self._facts.rates, blocks[heap])

    def _refuse_many(self, *, together: bool) -> None:
        most = max(self._counts.values(), default=0)
        count, of = (
            (sum(self._counts.values()), "all partners") if together else (most, "a partner")
        )
        if count > MOST:
            why = f"{of} count together, and at most {MOST} fit into memory at once."
            raise Node(None, "events").refuse(f"{count} events of {why}")

    def _events(self, heap: int) -> Iterator[CreditedEvent]:
        return map(_event, self._heaps.read(heap))


def _size(count: int) -> int:
    """Return how many of so many events a heap takes."""
    return max(A_HEAP, -(-count // HEAPS))


def _event(values: tuple[object, ...]) -> CreditedEvent:
    return CreditedEvent(**dict(zip(_NAMES, values, strict=True)))  # type: ignore[arg-type]


def _told(index: int, flags: tuple[bool, bool, bool, str], values: tuple[object, ...]) -> Told:
    return Told(_event(values), Node(None, f"events[{index}]"), *flags)
