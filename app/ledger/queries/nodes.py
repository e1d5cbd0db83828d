"""Reading stored subtrees, and the roots and proofs put together from them."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.kernel.errors import Broken
from app.ledger.models import LedgerLeaf, LedgerNode
from app.ledger.rules.tree import (
    EMPTY_ROOT,
    Frontier,
    Node,
    Parts,
    consistency_parts,
    hashes,
    inclusion_parts,
    nodes_of,
    subtrees,
)


def stored(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Return the stored hash of each complete subtree, in at most two reads."""
    wanted = set(nodes)
    leaves = [index for level, index in wanted if level == 0]
    above = [node for node in wanted if node[0] > 0]
    found: dict[Node, bytes] = {}
    if leaves:
        rows = select(LedgerLeaf.leaf_index, LedgerLeaf.leaf_hash)
        rows = rows.where(LedgerLeaf.leaf_index.in_(leaves))
        found |= {(0, index): each for index, each in session.execute(rows)}
    if above:
        key = tuple_(LedgerNode.level, LedgerNode.index)
        nodes_read = select(LedgerNode.level, LedgerNode.index, LedgerNode.hash)
        read = session.execute(nodes_read.where(key.in_(above)))
        found |= {(level, index): each for level, index, each in read}
    if missing := wanted - found.keys():
        raise Broken(f"the ledger's tree has no node {min(missing)}")
    return found


def part_hashes(session: Session, parts: Parts) -> list[bytes]:
    """Return the hash over each range of leaves."""
    return hashes(parts, stored(session, nodes_of(parts)).__getitem__)


def root_at(session: Session, size: int) -> bytes:
    """Return the root as it was when the log had ``size`` leaves."""
    return part_hashes(session, [(0, size)])[0] if size else EMPTY_ROOT


def inclusion(session: Session, index: int, size: int) -> list[bytes]:
    """Return the proof that leaf ``index`` stands in the tree of ``size`` leaves."""
    return part_hashes(session, inclusion_parts(index, size))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves only added to that of ``old``."""
    return part_hashes(session, consistency_parts(old, new))


def frontier(session: Session, size: int) -> Frontier:
    """Return the right edge of the tree of ``size`` leaves, ready to grow."""
    nodes = subtrees(0, size)
    found = stored(session, nodes)
    return Frontier(size, [found[node] for node in nodes])
