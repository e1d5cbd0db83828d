"""The embedded PostgreSQL: one server for a folder, shared by every process that asks for it.

Who uses the server is told by shared file locks, which the system drops with the process, however
it ends: so the last one out stops the server, and a killed process never keeps it alive.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.db.embedded.control import (
    DATABASE,
    OWNER_ROLE,
    SUPERUSER,
    create,
    furnish,
    halt,
    is_here,
    program,
    run,
)
from app.db.embedded.home import DatabaseUnavailable, Home, home_of
from app.db.rows import APP_ROLE

__all__ = ["DATABASE", "OWNER_ROLE", "DatabaseUnavailable", "Server", "program", "start"]


@dataclass(slots=True)
class Server:
    """A hold on a running server: two addresses and a way to let go."""

    owner_url: str
    app_url: str
    superuser_url: str
    _home: Home
    _hold: IO[str] | None = field(repr=False)

    def stop(self) -> None:
        """Let go of the server; it stops when nobody else holds it. A second call does nothing."""
        if self._hold is None:
            return
        with _door(self._home):
            self._hold.close()
            self._hold = None
            if _is_unused(self._home):
                halt(self._home)


def start(folder: Path, *, durable: bool = True) -> Server:
    """Start the server whose data lives in ``folder``, or join it, and return a hold on it.

    A server that is not ``durable`` is quicker, and may lose its data when the machine fails.

    :raises DatabaseUnavailable: if it cannot be started
    """
    if not is_here():
        raise DatabaseUnavailable(
            "There is no embedded PostgreSQL for this system: set DATABASE_URL."
        )
    home = home_of(folder)
    with _door(home):
        create(home)
        run(home, durable=durable)
        furnish(home)
        hold = home.users_file.open("w")
        fcntl.flock(hold, fcntl.LOCK_SH)
    return Server(
        home.url(OWNER_ROLE, DATABASE),
        home.url(APP_ROLE, DATABASE),
        home.url(SUPERUSER, DATABASE),
        home,
        hold,
    )


@contextmanager
def _door(home: Home) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with home.door_file.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_unused(home: Home) -> bool:
    with home.users_file.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
