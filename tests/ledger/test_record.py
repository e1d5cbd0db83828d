"""Recording: what is written, who may read it, and what is refused."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.access.rules import SYSTEM, Actor, Role
from app.db.base import Base
from app.db.engine import Scope, set_scope
from app.kernel.errors import Broken
from app.kernel.ids import new_id
from app.ledger.models import LedgerEntry
from app.ledger.names import NAMES
from app.ledger.queries import entry_number, names_of, recent, timeline
from app.ledger.rules.entries import body_hash
from app.ledger.services import UnknownEvent, record
from tests.ledger.conftest import AT, Parcel, happen

OWN = new_id()
SELLER = Actor(new_id(), "A seller", Role.PARTNER_ADMIN, OWN, (OWN,))
TABLES = [table.name for table in Base.metadata.sorted_tables if table.name.startswith("ledger_")]


def visible(session, *entries):
    session.flush()
    numbers = [entry.id for entry in entries]
    return list(session.scalars(select(LedgerEntry.id).where(LedgerEntry.id.in_(numbers))))


def test_the_body_says_what_happened(session):
    parcel = Parcel()

    entry = happen(session, subject=parcel, actor=SELLER, amount=5, before="draft")

    assert json.loads(entry.body) == {
        "v": 1,
        "id": entry.id,
        "name": "deal.registration.approved",
        "subject": {"type": "parcel", "id": str(parcel.id)},
        "partner": str(SELLER.partner_id),
        "actor": str(SELLER.user_id),
        "at": "2026-03-02T12:00:00.000000Z",
        "facts": {"amount": 5, "before": "draft"},
    }
    assert entry.leaf_hash == body_hash(entry.body)


def test_the_system_acts_without_a_person(session):
    entry = happen(session)

    assert (entry.actor_id, json.loads(entry.body)["actor"]) == (None, "system")


def test_numbers_are_never_drawn_twice(session):
    numbers = [happen(session).id for _ in range(250)]
    session.flush()

    assert numbers == sorted(set(numbers))


def test_an_undeclared_name_is_refused(session):
    with pytest.raises(UnknownEvent):
        record(session, "deal.registration.eaten", subject=Parcel(), actor=SYSTEM, at=AT)


def test_a_float_is_refused(session):
    with pytest.raises(Broken):
        happen(session, amount=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_names_have_three_parts(name):
    parts = name.split(".")

    assert len(parts) == 3
    assert all(part.replace("_", "").isalpha() and part.islower() for part in parts)


def test_a_timeline_is_told_in_order(session):
    parcel = Parcel()
    happen(session, subject=parcel, reason="first")
    latest = happen(session, subject=parcel, reason="second")

    told = timeline(session, "parcel", parcel.id)

    assert [event.facts["reason"] for event in told] == ["first", "second"]
    assert told[0].what == "Registration approved"
    assert names_of(session, "parcel", parcel.id) == ["deal.registration.approved"] * 2
    assert entry_number(session, latest.name, "parcel", parcel.id) == latest.id
    assert [event.id for event in recent(session, area="deal", limit=1)] == [latest.id]
    assert recent(session, area="revenue") == []


def test_a_partner_reads_only_its_own(session):
    own = happen(session, partner_id=SELLER.partner_id)
    other = happen(session, partner_id=UUID(int=404))
    general = happen(session)
    session.flush()

    set_scope(session, SELLER.scope)

    assert visible(session, own, other, general) == [own.id]


def test_a_partner_may_cause_an_entry_that_it_cannot_read(session):
    set_scope(session, SELLER.scope)

    entry = happen(session, actor=SELLER, partner_id=UUID(int=404))

    assert visible(session, entry) == []


def test_nobody_reads_and_nobody_writes(session):
    entry = happen(session)
    session.flush()
    set_scope(session, Scope("nobody"))

    assert visible(session, entry) == []
    happen(session)
    with pytest.raises(ProgrammingError, match="row-level security"):
        session.flush()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_only_insert_and_read(session, table, verb):
    column = Base.metadata.tables[table].columns.keys()[0]

    with pytest.raises(ProgrammingError, match=r"permission denied|append-only"):
        session.execute(text(verb.format(table, column, column)))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_even_a_superuser_is_refused_by_the_trigger(superuser, table, verb):
    column = Base.metadata.tables[table].columns.keys()[0]
    superuser.execute(text("SET session_replication_role = origin"))

    with pytest.raises(ProgrammingError, match="append-only"):
        superuser.execute(text(verb.format(table, column, column)))
