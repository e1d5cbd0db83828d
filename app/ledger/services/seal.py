"""Seal what was recorded: give entries their places in the tree, store its nodes, sign the head."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.ledger.models import LedgerEntry, LedgerHead, LedgerKey, LedgerLeaf
from app.ledger.queries.heads import current_head
from app.ledger.queries.nodes import consistency, frontier
from app.ledger.rules.notes import Head, Signer
from app.ledger.rules.tree import Frontier
from app.ledger.services.keys import current_signer

BATCH = 20_000
WINDOW = 10_000
"""How far back frequent runs look for entries that commit late; ``sweep`` has no such bound."""

_LOCK = text("SELECT pg_advisory_xact_lock(7402611)")
_LEAVES = text(
    "INSERT INTO ledger_leaf (leaf_index, entry_id, leaf_hash) SELECT * FROM unnest("
    "CAST(:places AS bigint[]), CAST(:entries AS bigint[]), CAST(:hashes AS bytea[]))"
)
_NODES = text(
    "INSERT INTO ledger_node (level, index, hash) SELECT * FROM unnest("
    "CAST(:levels AS integer[]), CAST(:places AS bigint[]), CAST(:hashes AS bytea[]))"
)
Waiting = Sequence[tuple[int, bytes]]


def seal(session: Session, *, at: datetime, window: int | None = WINDOW) -> int:
    """Seal up to ``BATCH`` waiting entries under a new signed head; return how many.

    One sealer works at a time. Nothing waiting: nothing is signed.

    :raises Broken: if this process has no ledger key
    """
    session.flush()
    session.execute(_LOCK)
    head = current_head(session)
    size = head.tree_size if head else 0
    waiting = _waiting(session, window)
    if not waiting:
        return 0
    edge = frontier(session, size)
    _place(session, edge, waiting)
    _sign(session, Head(edge.size, edge.root(), at), size, current_signer())
    return len(waiting)


def sweep(session: Session, *, at: datetime) -> int:
    """Seal waiting entries however old their numbers are; return how many."""
    return seal(session, at=at, window=None)


def _waiting(session: Session, window: int | None) -> Waiting:
    sealed = select(LedgerLeaf.entry_id).where(LedgerLeaf.entry_id == LedgerEntry.id)
    rows = select(LedgerEntry.id, LedgerEntry.leaf_hash).where(~sealed.exists())
    if window is not None:
        newest = session.scalar(select(func.max(LedgerLeaf.entry_id))) or 0
        rows = rows.where(LedgerEntry.id > newest - window)
    return session.execute(rows.order_by(LedgerEntry.id).limit(BATCH)).all()


def _place(session: Session, edge: Frontier, waiting: Waiting) -> None:
    first = edge.size
    nodes = [node for _, leaf in waiting for node in edge.append(leaf)]
    session.execute(
        _LEAVES,
        {
            "places": list(range(first, edge.size)),
            "entries": [entry for entry, _ in waiting],
            "hashes": [leaf for _, leaf in waiting],
        },
    )
    session.execute(
        _NODES,
        {
            "levels": [level for (level, _), _ in nodes],
            "places": [index for (_, index), _ in nodes],
            "hashes": [each for _, each in nodes],
        },
    )


def _sign(session: Session, head: Head, before: int, signer: Signer) -> None:
    key = upsert(LedgerKey).values(key_id=signer.key_id, public_key=signer.public_key)
    session.execute(key.on_conflict_do_nothing())
    session.execute(
        insert(LedgerHead).values(
            tree_size=head.tree_size,
            root_hash=head.root,
            signed_at=head.at,
            key_id=signer.key_id,
            signature=signer.sign(head),
            previous_size=before,
            consistency=consistency(session, before, head.tree_size),
        )
    )
