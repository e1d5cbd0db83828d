"""Checking proofs of inclusion and consistency (RFC 9162, sections 2.1.3.2 and 2.1.4.2)."""

from collections.abc import Sequence

from app.ledger.rules.tree import EMPTY_ROOT, node_hash

WIDTH = 32


def proves_inclusion(
    leaf: bytes, index: int, *, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Return whether ``proof`` shows that ``leaf`` stands at ``index`` under ``root``."""
    if not 0 <= index < size or not _well_formed([leaf, root, *proof]):
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def proves_consistency(
    old: tuple[int, bytes], new: tuple[int, bytes], *, proof: Sequence[bytes]
) -> bool:
    """Return whether ``proof`` shows that the tree ``new`` (size, root) only added to ``old``.

    From the empty tree nothing is proved, because everything grows from it.
    """
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size == new_size:
        return not proof and old_root == new_root and (old_size > 0 or old_root == EMPTY_ROOT)
    if not 0 < old_size < new_size or not _well_formed(proof):
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _climb(path, old_size - 1, new_size - 1) == (old_root, new_root)


def _climb(path: Sequence[bytes], position: int, last: int) -> tuple[bytes, bytes] | None:
    """Return the old and the new root that ``path`` leads to, or None where it does not fit."""
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return (before, after) if last == 0 else None


def _well_formed(hashes: Sequence[bytes]) -> bool:
    return all(len(each) == WIDTH for each in hashes)
