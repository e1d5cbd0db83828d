"""Complete a drafted migration: new tables get their policies, grants, functions and triggers."""

import re
from collections.abc import Iterable

from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ForeignKeyConstraint, text

from app.db.base import Base
from app.db.rows import APP_ROLE, FUNCTIONS, policy_sql
from app.db.schema import tables

_FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION\s+(\w+)\s*\(", re.IGNORECASE)
_POLICY = re.compile(r"CREATE POLICY (\w+) ON (\w+)")


def complete(
    context: MigrationContext, _revision: object, directives: list[ops.MigrationScript]
) -> None:
    """Add to the draft whatever the tables it creates want beside their columns."""
    for script in directives:
        up, down = script.upgrade_ops, script.downgrade_ops
        if up is None or down is None:
            continue
        new = {op.table_name for op in up.ops if isinstance(op, ops.CreateTableOp)}
        if not new:
            continue
        functions, statements = _wanted(new, known=_functions(context))
        circles = _circles(new)
        up.ops[:0] = map(ops.ExecuteSQLOp, functions)
        up.ops += [*map(ops.CreateForeignKeyOp.from_constraint, circles)]
        up.ops += map(ops.ExecuteSQLOp, statements)
        down.ops[:0] = map(ops.DropConstraintOp.from_constraint, circles)
        down.ops[:0] = map(ops.ExecuteSQLOp, _policies_undone(statements))
        down.ops += map(ops.ExecuteSQLOp, _undone([*functions, *statements]))


def _circles(new: set[str]) -> list[ForeignKeyConstraint]:
    """Return the foreign keys that close a circle of tables, which the draft leaves out."""
    made = [table for table in Base.metadata.sorted_tables if table.name in new]
    return [key for table in made for key in table.foreign_key_constraints if key.use_alter]


def _functions(context: MigrationContext) -> set[str]:
    """Return the names of the functions that the database has already."""
    asked = text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    return set() if context.connection is None else set(context.connection.scalars(asked))


def _wanted(new: set[str], *, known: set[str]) -> tuple[list[str], list[str]]:
    """Return what to run before the tables are made, and what after."""
    before = [s for s in FUNCTIONS if not known.issuperset(_FUNCTION.findall(s))]
    if before:
        before.append(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    after: list[str] = []
    for table, rows, further in tables():
        if table in new:
            after += policy_sql(table, rows)
            after += [s for s in further if s not in after and not _is_known(s, known)]
    return before, [*after, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}"]


def _is_known(statement: str, known: set[str]) -> bool:
    names = _FUNCTION.findall(statement)
    return bool(names) and known.issuperset(names)


def _policies_undone(statements: Iterable[str]) -> list[str]:
    """Return what drops the policies, which would hold on to the tables they ask."""
    found = (match for s in statements if (match := _POLICY.match(s)))
    return [f"DROP POLICY {match[1]} ON {match[2]}" for match in found]


def _undone(statements: Iterable[str]) -> list[str]:
    """Return what drops the functions; triggers and grants go with their tables."""
    names = dict.fromkeys(name for s in statements for name in _FUNCTION.findall(s))
    return [f"DROP FUNCTION {name}" for name in reversed(names)]
