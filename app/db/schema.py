"""The whole schema as the models state it: for tests, and to hold migrations against."""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.db.base import Base
from app.db.rows import Rows, install_sql


def tables() -> Iterator[tuple[str, Rows, list[str]]]:
    """Yield each table with its rows and the further statements its class wants, by name."""
    mappers = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
    for mapper in mappers:
        kind = mapper.class_
        yield kind.__tablename__, kind.rows, list(getattr(kind, "further_sql", ()))


def create(connection: Connection) -> None:
    """Create every table, function, policy and grant in an empty database, as its owner."""
    Base.metadata.create_all(connection)
    for statement in install_sql(tables()):
        connection.exec_driver_sql(statement)
