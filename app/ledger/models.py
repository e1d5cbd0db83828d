"""What the ledger stores: entries, the tree over them, signed heads, public keys.

All of it is append-only: the application role may only insert and read, and a trigger refuses
every other verb to every other role.
"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import moment
from app.db.rows import Rows

_SYSTEM = "(SELECT tandem_is_system())"
_ENTRIES = Rows(
    "ledger entries by partner_id",
    "(SELECT tandem_sees_all()) OR partner_id = ANY ((SELECT tandem_partners())::uuid[])",
    "(SELECT tandem_is_somebody())",
    append_only=True,
)
_HASHES = Rows("hashes", "true", _SYSTEM, append_only=True, holds_partner_data=False)

REFUSE = """CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
    MESSAGE = TG_TABLE_NAME || ' is append-only, ' || lower(TG_OP) || ' is refused';
END $$"""


def append_only(table: str) -> tuple[str, ...]:
    """Return the statements that make ``table`` refuse UPDATE, DELETE and TRUNCATE to everybody."""
    return (
        REFUSE,
        f"CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
        f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()",
    )


class LedgerEntry(Base):
    """One thing that happened: ``body`` is its canonical text, the columns repeat it for search."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index(None, "subject_type", "subject_id", "id"),)
    rows: ClassVar[Rows] = _ENTRIES
    further_sql: ClassVar[tuple[str, ...]] = append_only("ledger_entry")

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(63))
    subject_id: Mapped[UUID]
    partner_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_id: Mapped[UUID | None]
    at: Mapped[moment]
    body: Mapped[str] = mapped_column(Text)
    leaf_hash: Mapped[bytes]


class LedgerLeaf(Base):
    """An entry's place in the tree, given by the sealer; late commits simply come later."""

    __tablename__ = "ledger_leaf"
    rows: ClassVar[Rows] = _HASHES
    further_sql: ClassVar[tuple[str, ...]] = append_only("ledger_leaf")

    leaf_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("ledger_entry.id"), unique=True)
    leaf_hash: Mapped[bytes] = mapped_column(index=True)


class LedgerNode(Base):
    """The root of one complete subtree of two or more leaves, so that proofs are quick."""

    __tablename__ = "ledger_node"
    rows: ClassVar[Rows] = _HASHES
    further_sql: ClassVar[tuple[str, ...]] = append_only("ledger_node")

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class LedgerKey(Base):
    """A public key under which heads were signed; ``key_id`` follows from the key itself."""

    __tablename__ = "ledger_key"
    rows: ClassVar[Rows] = _HASHES
    further_sql: ClassVar[tuple[str, ...]] = append_only("ledger_key")

    key_id: Mapped[str] = mapped_column(String(8), primary_key=True)
    public_key: Mapped[bytes]


class LedgerHead(Base):
    """The signed statement of how long the log was and what its root was at that moment."""

    __tablename__ = "ledger_head"
    rows: ClassVar[Rows] = _HASHES
    further_sql: ClassVar[tuple[str, ...]] = append_only("ledger_head")

    tree_size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root_hash: Mapped[bytes]
    signed_at: Mapped[moment]
    key_id: Mapped[str] = mapped_column(ForeignKey("ledger_key.key_id"))
    signature: Mapped[bytes]
    previous_size: Mapped[int] = mapped_column(BigInteger)
    consistency: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
