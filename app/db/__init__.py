"""The database: base class, engine, column vocabulary, row-level security. Knows no Flask."""
