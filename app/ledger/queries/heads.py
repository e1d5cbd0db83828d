"""Signed heads and the public keys that signed them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import Broken
from app.ledger.models import LedgerHead, LedgerKey
from app.ledger.queries.nodes import root_at
from app.ledger.rules.notes import Head, is_signed, published, read, written


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


def published_key(session: Session, head: LedgerHead) -> str:
    """Return the public key that signed ``head``, as people pass it on.

    :raises Broken: if the ledger does not hold it
    """
    public_key = public_key_of(session, head.key_id)
    if public_key is None:
        raise Broken(f"the public key {head.key_id} of a head is missing")
    return published(public_key)


def quarrel(session: Session, kept: str) -> str:
    """Return why the log contradicts a head that somebody kept, or nothing where it has only grown.

    The text is the signed note, with or without the public key on the line below it.
    """
    try:
        head, signature, key_id = read("".join(kept.splitlines(keepends=True)[:6]))
    except (ValueError, OverflowError, Broken):
        return "it is not a signed head of this ledger"
    public_key = public_key_of(session, key_id)
    if public_key is None or not is_signed(head, signature, public_key):
        return "its signature is not by a key of this ledger"
    return "" if was_root(session, head) else "the log had another root at that size, or is shorter"


def was_root(session: Session, head: Head) -> bool:
    """Return whether the log had this root when it had this size."""
    newest = current_head(session)
    if newest is None or not 0 < head.tree_size <= newest.tree_size:
        return False
    try:
        return root_at(session, head.tree_size) == head.root
    except Broken:
        return False
