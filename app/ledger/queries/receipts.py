"""Making the receipt of an entry."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ledger.models import LedgerEntry, LedgerLeaf
from app.ledger.queries.heads import current_head, published_key, statement
from app.ledger.queries.nodes import inclusion
from app.ledger.rules.notes import unpublished
from app.ledger.rules.receipts import Receipt


def receipt(session: Session, entry_id: int) -> dict[str, Any] | None:
    """Return the receipt of an entry that this session sees; None until it is sealed.

    The newest signed head covers every sealed entry, so one serves for all.
    """
    found = session.execute(
        select(LedgerEntry.body, LedgerLeaf.leaf_index)
        .join(LedgerLeaf, LedgerLeaf.entry_id == LedgerEntry.id)
        .where(LedgerEntry.id == entry_id)
    ).one_or_none()
    head = current_head(session)
    if found is None or head is None or found.leaf_index >= head.tree_size:
        return None
    proof = inclusion(session, found.leaf_index, head.tree_size)
    return Receipt(
        body=found.body,
        leaf_index=found.leaf_index,
        proof=tuple(proof),
        head=statement(head),
        signature=head.signature,
        public_key=unpublished(published_key(session, head)),
        key_id=head.key_id,
    ).as_json()
