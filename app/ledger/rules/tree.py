"""The Merkle tree of RFC 6962: hashes, roots and proofs over stored complete subtrees.

A complete subtree is named (level, index): it holds the leaves from ``index << level`` up to, not
including, ``(index + 1) << level``. Level 0 is the leaves themselves.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator

Node = tuple[int, int]
Fetch = Callable[[Node], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)

    def append(self, leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Add one leaf hash; yield each complete subtree above it that this completes."""
        level, index, current = 0, self.size, leaf
        while index & 1:
            current = node_hash(self.roots.pop(), current)
            level, index = level + 1, index >> 1
            yield (level, index), current
        self.roots.append(current)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over everything appended so far."""
        return fold(self.roots)


def fold(roots: list[bytes]) -> bytes:
    """Return the root over neighbouring complete subtrees, given from the left, largest first."""
    if not roots:
        return EMPTY_ROOT
    current = roots[-1]
    for left in reversed(roots[:-1]):
        current = node_hash(left, current)
    return current


def subtrees(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that make up the leaves [start, end), from the left.

    ``start`` must be a multiple of the largest of them, as it is for every part of a proof.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        for _ in frontier.append(leaf):
            pass
    return frontier.root()


Parts = list[tuple[int, int]]


def inclusion_parts(index: int, size: int) -> Parts:
    """Return the leaf ranges whose hashes prove leaf ``index`` in a tree of ``size`` leaves.

    PATH(m, D[n]) of RFC 6962, section 2.1.1, unrolled from the root down to the leaf.

    :raises ValueError: if there is no such leaf
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return _path(index, 0, size)[::-1]


def _path(index: int, start: int, end: int) -> Parts:
    parts = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    return parts


def _split(count: int) -> int:
    """Return the largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def consistency_parts(old: int, new: int) -> Parts:
    """Return the leaf ranges whose hashes prove that a tree of ``new`` leaves grew from ``old``.

    PROOF(m, D[n]) of RFC 6962, section 2.1.2.

    :raises ValueError: if ``old`` is not between 0 and ``new``
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot have grown from {old}")
    if old in (0, new):
        return []
    start, end, parts = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    return ([(start, end)] if start else []) + parts[::-1]


def hashes(parts: Parts, fetch: Fetch) -> list[bytes]:
    """Return the hash of each leaf range, put together from stored complete subtrees."""
    return [fold([fetch(node) for node in subtrees(*part)]) for part in parts]


def nodes_of(parts: Parts) -> list[Node]:
    """Return every complete subtree that ``hashes`` will ask for, to be read in one go."""
    return [node for part in parts for node in subtrees(*part)]
