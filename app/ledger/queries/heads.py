"""Signed heads and the public keys that signed them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ledger.models import LedgerHead, LedgerKey
from app.ledger.rules.notes import Head, written


def current_head(session: Session) -> LedgerHead | None:
    """Return the newest signed head, or None before the first sealing."""
    return session.scalars(
        select(LedgerHead).order_by(LedgerHead.tree_size.desc()).limit(1)
    ).one_or_none()


def statement(head: LedgerHead) -> Head:
    """Return what a stored head states."""
    return Head(head.tree_size, head.root_hash, head.signed_at)


def note(head: LedgerHead) -> str:
    """Return a stored head as the signed note that people pass on."""
    return written(statement(head), head.signature, head.key_id)


def public_key_of(session: Session, key_id: str) -> bytes | None:
    """Return the public key of that name, or None."""
    return session.scalar(select(LedgerKey.public_key).where(LedgerKey.key_id == key_id))


def public_keys(session: Session) -> dict[str, bytes]:
    """Return every public key by its name."""
    rows = session.execute(select(LedgerKey.key_id, LedgerKey.public_key))
    return dict(rows.all())
