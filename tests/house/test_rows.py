"""The second wall: whatever is asked, a partner's session reaches that partner's rows alone.

Every table is taken from the catalogue and given one row of each of two partners, in which every
identifier is the partner's own; so a table without a policy, or with a wrong one, fails here.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Session

from app import load_models
from app.db.base import Base
from app.db.engine import NOBODY, SYSTEM_SCOPE, Database, Scope, set_scope

load_models()

ANNA, BERT = UUID(int=0xA), UUID(int=0xB)
TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def value(column: sa.Column[Any], owner: UUID) -> Any:
    """Return something that fits ``column`` and tells the two partners apart."""
    number = 1 if owner == ANNA else 2
    kind = column.type
    if isinstance(kind, sa.Enum):
        return kind.enums[0]
    by_kind: list[tuple[type[Any], Any]] = [
        (sa.Uuid, owner),
        (sa.ARRAY, []),
        (JSONB, {}),
        (TSTZRANGE, Range(NOON, NOON.replace(year=2027))),
        (sa.String, ("ab"[number - 1] * 3)[: kind.length if isinstance(kind, sa.String) else 3]),
        (sa.Boolean, number == 1),
        (sa.Numeric, Decimal(number)),
        (sa.Integer, number),
        (sa.DateTime, NOON),
        (sa.Date, date(2026, 3, number)),
        (sa.LargeBinary, bytes([number])),
    ]
    return next(made for known, made in by_kind if isinstance(kind, known))


@pytest.fixture(scope="module")
def place(server, template) -> Iterator[Any]:
    from tests.conftest import _copy

    with _copy(server, template, "rows_of_two") as place:
        owner = sa.create_engine(place.superuser_url.replace("postgresql:", "postgresql+psycopg:"))
        with owner.begin() as connection:
            connection.execute(sa.text("SET session_replication_role = replica"))
            for table in Base.metadata.tables.values():
                for partner in (ANNA, BERT):
                    row = {c.name: value(c, partner) for c in table.columns if c.identity is None}
                    connection.execute(table.insert().values(row))
        owner.dispose()
        yield place


@pytest.fixture
def reach(place) -> Iterator[Any]:
    database = Database(place.app_url)
    session = Session(database.engine)

    def do(scope: Scope) -> Session:
        set_scope(session, scope)
        return session

    yield do
    session.rollback()
    session.close()
    database.engine.dispose()


def anna() -> Scope:
    return Scope("partner", (ANNA,), UUID(int=0xC))


def seen(session: Session, table: str) -> list[Any]:
    return list(session.execute(sa.select(Base.metadata.tables[table])).all())


def test_every_table_in_the_catalogue_has_row_level_security(reach):
    rows = (
        reach(SYSTEM_SCOPE)
        .execute(
            sa.text(
                "SELECT c.relname, c.relrowsecurity, count(p.*) FROM pg_class c "
                "LEFT JOIN pg_policies p ON p.tablename = c.relname AND p.schemaname = 'public' "
                "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace "
                "AND c.relname <> 'alembic_version' GROUP BY 1, 2"
            )
        )
        .all()
    )

    assert {row[0] for row in rows} == set(TABLES)
    assert [row[0] for row in rows if not row[1] or row[2] < 2] == []


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_partner_sees_its_own_rows_only(reach, table):
    rows = seen(reach(anna()), table)

    if TABLES[table].rows.holds_partner_data:
        strangers = [row for row in rows if BERT in row]
        assert strangers == []


@pytest.mark.parametrize(
    "table",
    sorted(t for t in TABLES if TABLES[t].rows.kind.startswith(("partner", "through", "with"))),
)
def test_a_partner_sees_its_own_row(reach, table):
    assert [row for row in seen(reach(anna()), table) if ANNA in row] != []


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_system_sees_every_row(reach, table):
    assert len(seen(reach(SYSTEM_SCOPE), table)) == 2


@pytest.mark.parametrize("table", sorted(TABLES))
def test_nobody_sees_what_belongs_to_a_partner(reach, table):
    if TABLES[table].rows.holds_partner_data:
        rows = seen(reach(NOBODY), table)

        assert [row for row in rows if ANNA in row or BERT in row] == []


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_session_that_says_nothing_sees_nothing_of_a_partner(place, table):
    if not TABLES[table].rows.holds_partner_data:
        return
    database = Database(place.app_url)
    with Session(database.engine) as session:
        rows = seen(session, table)
    database.engine.dispose()

    assert [row for row in rows if ANNA in row or BERT in row] == []


def _own(table: str) -> list[str]:
    return [c.name for c in Base.metadata.tables[table].columns if isinstance(c.type, sa.Uuid)]


@pytest.mark.parametrize("table", sorted(t for t in TABLES if "partner_id" in _own(t)))
def test_a_partner_changes_no_row_of_another(reach, table):
    if TABLES[table].rows.append_only or not TABLES[table].rows.holds_partner_data:
        return
    target = Base.metadata.tables[table]

    gone = reach(anna()).execute(sa.delete(target).where(target.c.partner_id == BERT))

    assert gone.rowcount == 0


@pytest.mark.parametrize("table", sorted(t for t in TABLES if TABLES[t].rows.append_only))
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_application_never_changes_what_is_append_only(reach, table, verb):
    column = next(iter(Base.metadata.tables[table].columns)).name

    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        reach(SYSTEM_SCOPE).execute(sa.text(verb.format(table, column, column)))


def test_the_application_cannot_change_the_schema(reach):
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        reach(SYSTEM_SCOPE).execute(sa.text("CREATE TABLE intruder (id int)"))
