"""Whoever may do anything to the database changes one thing: the walk finds it and names it."""

# ruff: noqa: S608 - the statements are put together from our own column names

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, LargeBinary, Uuid, func, select, text

from app.db.base import Base
from app.ledger import models
from app.ledger.models import LedgerEntry, LedgerLeaf
from app.ledger.queries import verify_log
from tests.ledger.conftest import happen

KINDS = [models.LedgerEntry, models.LedgerLeaf, models.LedgerNode, models.LedgerHead]
COLUMNS = [column for kind in KINDS for column in kind.__table__.columns]
KEY_COLUMNS = list(models.LedgerKey.__table__.columns)
OTHER = {
    ARRAY: "array_append({0}, '\\x00')",
    LargeBinary: "set_byte({0}, 31, get_byte({0}, 31) # 1)",
    Uuid: "coalesce(translate({0}::text, '0123456789abcdef', '123456789abcdef0')::uuid,"
    " gen_random_uuid())",
    BigInteger: "{0} + 100000",
    Integer: "{0} + 40",
    DateTime: "{0} + interval '1 microsecond'",
}


def other(column):
    """Return an expression for another value than the column holds."""
    fitting = (sql for kind, sql in OTHER.items() if isinstance(column.type, kind))
    turned = "overlay({0} placing chr(ascii(right({0}, 1)) # 1) from length({0}))"
    return next(fitting, turned).format(f'"{column.name}"')


def pick(column, at):
    """Return the condition for the first, a middle or the last sealed row."""
    table = column.table
    keys = ", ".join(f'"{key.name}"' for key in table.primary_key)
    rows = f"SELECT ctid FROM {table.name}"
    if table.name == "ledger_entry":
        rows = f"SELECT e.ctid FROM {table.name} e JOIN ledger_leaf l ON l.entry_id = e.id"
        keys = "e.id"
    order = f"{keys} DESC" if at == "last" else keys
    offset = 2 if at == "middle" else 0
    return f"ctid = ({rows} ORDER BY {order} OFFSET {offset} LIMIT 1)"


def first_bad(session):
    return verify_log(session).bad


def bad_after(superuser, statement):
    changed = superuser.execute(text(statement.replace(":", r"\:")))
    assert changed.rowcount >= 1, "the tampering did not happen"
    superuser.expire_all()
    return verify_log(superuser).bad


def test_an_untouched_log_is_whole(session):
    report = verify_log(session)

    assert report.is_whole
    assert report.sealed >= 21
    assert report.heads >= 6


@pytest.mark.parametrize("at", ["first", "middle", "last"])
@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_any_changed_column_is_found(superuser, column, at):
    where, name = pick(column, at), f'"{column.name}"'

    assert bad_after(superuser, f"UPDATE {column.table} SET {name} = {other(column)} WHERE {where}")


@pytest.mark.parametrize("column", LedgerEntry.__table__.columns, ids=str)
def test_a_changed_entry_is_named(superuser, column):
    where = pick(column, "middle")
    entry = superuser.scalar(text(f"SELECT id FROM ledger_entry WHERE {where}"))

    bad = bad_after(
        superuser, f"UPDATE ledger_entry SET {column.name} = {other(column)} WHERE {where}"
    )

    assert bad.entry_id == entry
    assert str(bad).startswith(f"entry {entry}, ")


@pytest.mark.parametrize("column", KEY_COLUMNS, ids=str)
def test_a_changed_public_key_is_found(superuser, column):
    assert bad_after(superuser, f"UPDATE ledger_key SET {column.name} = {other(column)}")


@pytest.mark.parametrize("at", ["first", "middle", "last"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__tablename__)
def test_any_removed_row_is_found(superuser, kind, at):
    where = pick(next(iter(kind.__table__.columns)), at)

    assert bad_after(superuser, f"DELETE FROM {kind.__tablename__} WHERE {where}")


@pytest.mark.parametrize("at", ["first", "middle"])
def test_a_removed_head_is_missed_by_the_next_one(superuser, at):
    where = pick(models.LedgerHead.__table__.c.tree_size, at)

    bad = bad_after(superuser, f"DELETE FROM ledger_head WHERE {where}")

    assert "does not follow the head before it" in bad.sentence


INSERTIONS = [
    "INSERT INTO ledger_node VALUES (60, 0, '\\x00')",
    "INSERT INTO ledger_node VALUES (0, 0, '\\x00')",
    "INSERT INTO ledger_node VALUES (1, -1, '\\x00')",
    "INSERT INTO ledger_leaf SELECT 900000, 900000, leaf_hash FROM ledger_leaf LIMIT 1",
    "INSERT INTO ledger_leaf SELECT -1, 900000, leaf_hash FROM ledger_leaf LIMIT 1",
    "INSERT INTO ledger_head SELECT 900000, root_hash, signed_at, key_id, signature, tree_size,"
    " consistency FROM ledger_head ORDER BY tree_size DESC LIMIT 1",
    "INSERT INTO ledger_head SELECT 0, root_hash, signed_at, key_id, signature, 0, '{}'"
    " FROM ledger_head LIMIT 1",
    "INSERT INTO ledger_head SELECT 7, root_hash, signed_at, key_id, signature, 4, '{}'"
    " FROM ledger_head LIMIT 1",
    "INSERT INTO ledger_key VALUES ('00000000', '\\x00')",
]


@pytest.mark.parametrize("statement", INSERTIONS)
def test_any_slipped_in_row_is_found(superuser, statement):
    assert bad_after(superuser, statement)


def test_two_bodies_that_change_places_are_found(superuser):
    swap = (
        "UPDATE ledger_entry e SET body = o.body, leaf_hash = o.leaf_hash FROM ledger_entry o"
        " WHERE (e.id, o.id) IN ((:a, :b), (:b, :a))"
    )
    first, second = superuser.scalars(select(LedgerEntry.id).order_by(LedgerEntry.id).limit(2))

    superuser.execute(text(swap), {"a": first, "b": second})

    assert first_bad(superuser).entry_id == first


def test_a_changed_entry_that_waits_is_found(superuser):
    superuser.execute(text("SET session_replication_role = origin"))
    entry = happen(superuser)
    superuser.flush()
    superuser.execute(text("SET session_replication_role = replica"))

    bad = bad_after(superuser, f"UPDATE ledger_entry SET name = 'x.y.z' WHERE id = {entry.id}")

    assert (bad.entry_id, bad.what) == (entry.id, "name")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_changed_byte_of_any_body_is_found(superuser, data):
    row = data.draw(st.integers(0, 20))
    wanted = select(LedgerEntry.id, LedgerEntry.body, LedgerLeaf.leaf_index)
    wanted = wanted.join(LedgerLeaf, LedgerLeaf.entry_id == LedgerEntry.id)
    entry = superuser.execute(wanted.where(LedgerLeaf.leaf_index == row)).one()
    place = data.draw(st.integers(1, len(entry.body)))
    letter = chr(ord(entry.body[place - 1]) ^ 1)
    change = text("UPDATE ledger_entry SET body = overlay(body placing :c from :p) WHERE id = :id")

    with superuser.begin_nested() as savepoint:
        superuser.execute(change, {"c": letter, "p": place, "id": entry.id})
        assert first_bad(superuser).entry_id == entry.id
        savepoint.rollback()


def test_every_table_of_the_ledger_is_tampered_with_above():
    tables = {name for name in Base.metadata.tables if name.startswith("ledger_")}

    assert tables == {column.table.name for column in [*COLUMNS, *KEY_COLUMNS]}


def test_the_walk_tells_how_far_it_is(session):
    told = []

    report = verify_log(session, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (report.sealed, report.sealed)
    assert session.scalar(select(func.count()).select_from(LedgerLeaf)) == report.sealed
