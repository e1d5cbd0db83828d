"""Walk the whole log in the database and name the first thing that does not hold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from app.ledger.models import LedgerEntry, LedgerHead, LedgerLeaf, LedgerNode
from app.ledger.queries.heads import public_keys, statement
from app.ledger.rules.audit import Bad, Found, StoredEntry, StoredHead, Walk
from app.ledger.rules.entries import Happening
from app.ledger.rules.tree import Node

BATCH = 5_000
_DEEPEST = 62
Progress = Callable[[int, int], None]

_ENTRY = (
    LedgerEntry.id,
    LedgerEntry.name,
    LedgerEntry.subject_type,
    LedgerEntry.subject_id,
    LedgerEntry.partner_id,
    LedgerEntry.actor_id,
    LedgerEntry.at,
    LedgerEntry.body,
    LedgerEntry.leaf_hash,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the walk met: sealed entries, heads, entries that wait, and the first bad thing."""

    sealed: int
    heads: int
    waiting: int
    waiting_since: datetime | None
    bad: Bad | None

    @property
    def is_whole(self) -> bool:
        """Whether everything holds."""
        return self.bad is None


def verify_log(session: Session, *, progress: Progress = lambda _done, _total: None) -> Report:
    """Check every entry, leaf, node and head in order; stop at the first that does not hold.

    ``progress`` is told how many leaves are done and how many there are, after each batch.
    """
    size = session.scalar(select(func.max(LedgerHead.tree_size))) or 0
    heads = session.scalar(select(func.count()).select_from(LedgerHead)) or 0
    waiting, since, bad = 0, None, None
    try:
        _sealed(session, size, progress)
        _nothing_beyond(session)
        waiting, since = _waiting(session)
    except Found as found:
        bad = found.bad
    return Report(size, heads, waiting, since, bad)


def _sealed(session: Session, size: int, progress: Progress) -> None:
    walk = Walk(public_keys(session))
    for start in range(0, size, BATCH):
        end = min(start + BATCH, size)
        _batch(session, walk, start, end)
        progress(end, size)


def _batch(session: Session, walk: Walk, start: int, end: int) -> None:
    heads = {head.head.tree_size: head for head in _heads(session, start, end)}
    nodes = _nodes(session, start, end)
    leaves = {row.leaf_index: row for row in _leaves(session, start, end)}
    for index in range(start, end):
        leaf = leaves.get(index)
        if leaf is None:
            raise Found(None, f"leaf {index}", "it is missing")
        if leaf.id is None:
            raise Found(leaf.entry_id, f"leaf {index}", "its entry is missing")
        walk.leaf(_entry(leaf), leaf.sealed_hash, nodes)
        if index + 1 in heads:
            walk.sealed(heads[index + 1], leaf.entry_id)


def _leaves(session: Session, start: int, end: int) -> Sequence[Row[*tuple[Any, ...]]]:
    sealed = LedgerLeaf.leaf_hash.label("sealed_hash")
    return session.execute(
        select(LedgerLeaf.leaf_index, LedgerLeaf.entry_id, sealed, *_ENTRY)
        .outerjoin_from(LedgerLeaf, LedgerEntry, LedgerLeaf.entry_id == LedgerEntry.id)
        .where(LedgerLeaf.leaf_index >= start, LedgerLeaf.leaf_index < end)
    ).all()


def _nodes(session: Session, start: int, end: int) -> dict[Node, bytes]:
    """Return the stored nodes that the leaves [start, end) complete."""
    ranges = [
        and_(
            LedgerNode.level == level,
            LedgerNode.index >= start >> level,
            LedgerNode.index < end >> level,
        )
        for level in range(1, end.bit_length() + 1)
    ]
    columns = select(LedgerNode.level, LedgerNode.index, LedgerNode.hash)
    rows = session.execute(columns.where(or_(*ranges)))
    return {(level, index): each for level, index, each in rows}


def _heads(session: Session, start: int, end: int) -> Iterator[StoredHead]:
    rows = session.scalars(
        select(LedgerHead)
        .where(LedgerHead.tree_size > start, LedgerHead.tree_size <= end)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        said = (row.key_id, row.signature, row.previous_size, row.consistency)
        yield StoredHead(statement(row), *said)


def _entry(row: Row[*tuple[Any, ...]]) -> StoredEntry:
    subject = (row.subject_type, row.subject_id)
    happening = Happening(row.id, row.name, *subject, row.partner_id, row.actor_id, row.at)
    return StoredEntry(happening, row.body, row.leaf_hash)


def _nothing_beyond(session: Session) -> None:
    """Refuse leaves, nodes and heads that no signed head accounts for."""
    size = select(func.coalesce(func.max(LedgerHead.tree_size), 0)).scalar_subquery()
    outside = or_(LedgerLeaf.leaf_index < 0, LedgerLeaf.leaf_index >= size)
    leaf = session.execute(
        select(LedgerLeaf.entry_id, LedgerLeaf.leaf_index).where(outside).limit(1)
    ).one_or_none()
    if leaf:
        raise Found(leaf.entry_id, f"leaf {leaf.leaf_index}", "no signed head covers it")
    above = or_(
        LedgerNode.level < 1,
        LedgerNode.level > _DEEPEST,
        LedgerNode.index < 0,
        LedgerNode.index >= size.op(">>")(LedgerNode.level),
    )
    node = session.execute(
        select(LedgerNode.level, LedgerNode.index).where(above).limit(1)
    ).one_or_none()
    if node:
        raise Found(None, f"node {node.level}/{node.index}", "no leaves stand below it")
    empty = select(LedgerHead.tree_size).where(LedgerHead.tree_size <= 0)
    if session.scalars(empty.limit(1)).first() is not None:
        raise Found(None, "head", "a head covers no leaf")


def _waiting(session: Session) -> tuple[int, datetime | None]:
    """Check the entries that are not sealed yet; return how many, and since when."""
    sealed = select(LedgerLeaf.entry_id).where(LedgerLeaf.entry_id == LedgerEntry.id)
    count, last, since = 0, 0, None
    while True:
        rows = session.execute(
            select(*_ENTRY)
            .where(~sealed.exists(), LedgerEntry.id > last)
            .order_by(LedgerEntry.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return count, since
        for row in rows:
            _entry(row).check()
        since, last, count = since or rows[0].at, rows[-1].id, count + len(rows)
