"""What a database's own catalogue says of our tables, as lines of text that can be compared."""

from sqlalchemy import Connection, text

from app.db.rows import APP_ROLE

_OURS = "relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
_QUESTIONS = (
    f"""SELECT format('column %s.%s %s%s%s', relname, attname, format_type(atttypid, atttypmod),
               CASE WHEN attnotnull THEN ' not null' ELSE '' END,
               ' default ' || pg_get_expr(adbin, adrelid))
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
        LEFT JOIN pg_attrdef ON adrelid = pg_class.oid AND adnum = attnum
        WHERE relkind = 'r' AND NOT attisdropped AND {_OURS}""",
    f"""SELECT format('constraint %s on %s: %s', conname, relname, pg_get_constraintdef(c.oid))
        FROM pg_constraint c JOIN pg_class ON pg_class.oid = conrelid
        WHERE contype <> 'n' AND {_OURS}""",
    f"""SELECT 'index ' || pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE {_OURS}""",
    f"""SELECT format('row-level security of %s: %s, forced %s', relname, relrowsecurity,
               relforcerowsecurity) FROM pg_class WHERE relkind = 'r' AND {_OURS}""",
    """SELECT format('policy %s on %s for %s using %s check %s', policyname, tablename, cmd, qual,
              with_check) FROM pg_policies WHERE schemaname = 'public'""",
    """SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'""",
    f"""SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND {_OURS}""",
    f"""SELECT format('%s may %s %s', grantee, privilege_type, table_name)
        FROM information_schema.role_table_grants
        WHERE grantee = '{APP_ROLE}' AND table_schema = 'public'
          AND table_name <> 'alembic_version'""",
)


def lines(connection: Connection) -> set[str]:
    """Return one line for each column, constraint, index, policy, function, trigger and grant."""
    found: set[str] = set()
    for question in _QUESTIONS:
        found |= {line for line in connection.scalars(text(question)) if line is not None}
    return found
