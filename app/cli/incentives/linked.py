"""Which records of events name one another, so that they are held against each other together."""

from array import array
from collections.abc import Iterator
from typing import Any

from app.incentives.engine.consistency import Told
from app.kernel.reading import Node

_MANY = 10_000


class Links:
    """Records by number, and what each is named by: its key, its order, whatever it refers to.

    Names are kept as hashes of eight bytes. Two names of one hash bring records together that have
    nothing to do with each other, which does no harm.
    """

    def __init__(self) -> None:
        self._names = array("q")
        self._owners = array("q")
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, told: Told) -> None:
        """Add the next record."""
        event = told.event
        self._name(event.key)
        if event.order_id:
            self._name((event.partner_id, event.order_id))
        if event.reverses:
            self._name(event.reverses)
        if told.invoice:
            self._name(told.invoice)
        self._count += 1

    def _name(self, name: object) -> None:
        self._names.append(hash(name))
        self._owners.append(self._count)

    def numbers(self, size: int, most: int) -> Iterator[int]:
        """Yield for each record the number of its heap: whole groups, of about a size together.

        :raises DocumentRefused: if more than ``most`` records are one group
        """
        groups, counts = self._groups()
        if (largest := int(counts.max())) > most:
            raise Node(None, "events").refuse(
                f"{largest} events name one another by keys, orders or invoices, and at most "
                f"{most} fit into memory at once."
            )
        heaps = (counts.cumsum() - counts) // size
        for start in range(0, len(groups), _MANY):
            yield from heaps.take(groups[start : start + _MANY]).tolist()

    def _groups(self) -> tuple[Any, Any]:
        """Return for each record the number of its group, and how many each group has."""
        import numpy as np  # for large files alone
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        names, owners = (np.frombuffer(each, np.int64) for each in (self._names, self._owners))
        order = np.argsort(names, kind="stable")
        same = names[order[1:]] == names[order[:-1]]
        pairs = owners[order[:-1][same]], owners[order[1:][same]]
        size = len(self)
        graph = coo_array((np.ones(len(pairs[0]), np.int8), pairs), (size, size))
        _, groups = connected_components(graph, directed=False)
        return groups, np.bincount(groups)
