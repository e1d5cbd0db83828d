"""What tests of accounts need beside the common fixtures."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session


@pytest.fixture
def counted(session: Session) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements sent to the database for a while."""

    @contextmanager
    def do() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            statements.append(statement)

        session.flush()
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        yield statements
        event.remove(connection, "before_cursor_execute", note)

    return do
