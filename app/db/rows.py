"""Row-level security as data: each table says who sees and writes which of its rows.

The settings ``tandem.scope``, ``tandem.partners`` and ``tandem.actor`` are set for one transaction;
where they are missing, nothing is visible. See ADR 0012.
"""

from collections.abc import Iterable
from dataclasses import dataclass

APP_ROLE = "tandem_app"

FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION tandem_sees_all() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('tandem.scope', true), '') IN ('vendor', 'system') $$""",
    """CREATE OR REPLACE FUNCTION tandem_is_system() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('tandem.scope', true), '') = 'system' $$""",
    """CREATE OR REPLACE FUNCTION tandem_is_somebody() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('tandem.scope', true), '')
   IN ('partner', 'vendor', 'system') $$""",
    """CREATE OR REPLACE FUNCTION tandem_partners() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(nullif(current_setting('tandem.partners', true), ''), ',')::uuid[] $$""",
    """CREATE OR REPLACE FUNCTION tandem_actor() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('tandem.actor', true), '')::uuid $$""",
)
"""What the policies ask; the sub-select around each call makes PostgreSQL ask once a statement."""

_ALL = "(SELECT tandem_sees_all())"


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of a table may be read and written; ``{table}`` stands for the table's name."""

    kind: str
    read: str
    write: str
    append_only: bool = False
    holds_partner_data: bool = True


SHARED = Rows("shared", "true", _ALL, holds_partner_data=False)
VENDOR_ONLY = Rows("vendor only", _ALL, _ALL)
SYSTEM_ONLY = Rows("system only", "(SELECT tandem_is_system())", "(SELECT tandem_is_system())")
OWN_ACTOR = Rows(
    "own actor",
    "(SELECT tandem_is_system()) OR actor_id = (SELECT tandem_actor())",
    "(SELECT tandem_is_system()) OR actor_id = (SELECT tandem_actor())",
)
COUNTERS = Rows("counters", "true", "true", holds_partner_data=False)
"""Numbers that anybody may draw; they hold nobody's data."""


def partner_rows(column: str = "partner_id", *, null_is_shared: bool = False) -> Rows:
    """Return: the vendor sees all; a partner those whose ``column`` names it or its children."""
    own = f"{_ALL} OR {column} = ANY ((SELECT tandem_partners())::uuid[])"
    read = f"{own} OR {column} IS NULL" if null_is_shared else own
    return Rows(f"partner rows by {column}", read, own)


def through(table: str, foreign_key: str, *, own_key: str = "id") -> Rows:
    """Return: visible where a visible row of ``table`` refers to it by ``foreign_key``."""
    exists = (
        f"EXISTS (SELECT 1 FROM {table} AS link WHERE link.{foreign_key} = {{table}}.{own_key})"
    )
    return Rows(f"through {table}", f"{_ALL} OR {exists}", f"{_ALL} OR {exists}")


def parent(table: str, foreign_key: str) -> Rows:
    """Return: visible where the row of ``table`` that ``foreign_key`` names is visible."""
    exists = f"EXISTS (SELECT 1 FROM {table} AS above WHERE above.id = {{table}}.{foreign_key})"
    return Rows(f"with its {table}", f"{_ALL} OR {exists}", f"{_ALL} OR {exists}")


def policy_sql(table: str, rows: Rows) -> list[str]:
    """Return the statements that put ``rows`` in force on ``table``, with the grants."""
    read, write = rows.read.format(table=table), rows.write.format(table=table)
    verbs = "SELECT, INSERT" if rows.append_only else "SELECT, INSERT, UPDATE, DELETE"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})",
        f"CREATE POLICY {table}_insert ON {table} FOR INSERT WITH CHECK ({write})",
    ]
    if not rows.append_only:
        statements += [
            f"CREATE POLICY {table}_update ON {table} FOR UPDATE "
            f"USING ({write}) WITH CHECK ({write})",
            f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({write})",
        ]
    return [*statements, f"GRANT {verbs} ON {table} TO {APP_ROLE}"]


def install_sql(tables: Iterable[tuple[str, Rows, Iterable[str]]]) -> list[str]:
    """Return every statement for ``tables``: (name, rows, further statements such as triggers)."""
    statements = [*FUNCTIONS, f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"]
    for table, rows, further in tables:
        statements += [*policy_sql(table, rows), *further]
    return [*statements, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}"]
