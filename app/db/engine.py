"""Engine, sessions, and the transaction that carries the actor's reach."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, TextClause, create_engine, text
from sqlalchemy.orm import Session

from app.db.scope import NOBODY as NOBODY
from app.db.scope import SYSTEM_SCOPE as SYSTEM_SCOPE
from app.db.scope import Scope as Scope
from app.kernel.errors import Broken

_SCOPE = (
    "SELECT set_config('tandem.scope', :scope, true), "
    "set_config('tandem.partners', :partners, true), set_config('tandem.actor', :actor, true)"
)
_SET = text(_SCOPE)
_SET_READ_ONLY = text(f"{_SCOPE}, set_config('transaction_read_only', 'on', true)")
_TIMEOUTS = (
    "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
)


class Database:
    """One database as the application role sees it."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.engine: Engine = create_engine(
            url, pool_size=pool_size, max_overflow=10, pool_pre_ping=True, future=True
        )
        self.bind: Engine | Connection = self.engine

    def session(self) -> Session:
        """Return a new session; inside a test it joins the test's own transaction."""
        return Session(self.bind, expire_on_commit=False, join_transaction_mode="create_savepoint")


_current: list[Database] = []
_wanted: list[Callable[[], str]] = []


def connect(url: str, *, pool_size: int = 5) -> Database:
    """Make the database at ``url`` the one that this process works on."""
    database = Database(_with_timeouts(url), pool_size=pool_size)
    use(database)
    return database


def connect_when_needed(find_url: Callable[[], str]) -> None:
    """Ask ``find_url`` for the database when this process first works on one."""
    _wanted[:] = [find_url]


def _with_timeouts(url: str) -> str:
    """Return ``url`` with our time limits, beside whatever options it has already."""
    limits = _TIMEOUTS.replace(" ", "%20").replace("=", "%3D")
    if "options=" in url:
        return url.replace("options=", f"options={limits}%20", 1)
    return f"{url}{'&' if '?' in url else '?'}options={limits}"


def use(database: Database) -> None:
    """Make ``database`` the one that this process works on."""
    _current[:] = [database]


def current() -> Database:
    """Return the database this process works on.

    :raises Broken: if none was connected
    """
    if not _current:
        if not _wanted:
            raise Broken("no database is connected")
        connect(_wanted[0]())
    return _current[0]


def set_scope(session: Session, scope: Scope, *, read_only: bool = False) -> None:
    """Give the running transaction the reach of ``scope``, and take away writing if asked."""
    _reach(session.connection(), scope, _SET_READ_ONLY if read_only else _SET)
    session.info["scope"] = scope


def _reach(connection: Connection, scope: Scope, statement: TextClause) -> None:
    given = {
        "scope": scope.name,
        "partners": ",".join(map(str, scope.partner_ids)),
        "actor": str(scope.actor_id or ""),
    }
    connection.execute(statement, given)


@contextmanager
def glance(scope: Scope) -> Iterator[Connection]:
    """Read rows in a transaction of their own with the reach of ``scope``, without a session."""
    bind = current().bind
    if isinstance(bind, Connection):  # a test's own transaction
        with bind.begin_nested():
            _reach(bind, scope, _SET_READ_ONLY)
            yield bind
    else:
        with bind.begin() as connection:
            _reach(connection, scope, _SET_READ_ONLY)
            yield connection


@contextmanager
def transaction(scope: Scope, *, read_only: bool = False) -> Iterator[Session]:
    """Run one transaction with the reach of ``scope``: commit at the end, or roll back."""
    session = current().session()
    try:
        set_scope(session, scope, read_only=read_only)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@contextmanager
def elevated(session: Session) -> Iterator[None]:
    """Let the few checks that must see every partner's rows (rivals, queue places) see them.

    Whatever is read inside may be used to decide, never shown.
    """
    before: Scope = session.info["scope"]
    session.flush()
    if before.name == SYSTEM_SCOPE.name:
        yield  # nothing to widen, nothing to give back
        session.flush()
        return
    set_scope(session, Scope("system", before.partner_ids, before.actor_id))
    try:
        yield
        session.flush()
    finally:
        if session.is_active:
            set_scope(session, before)


P = ParamSpec("P")
T = TypeVar("T")


def elevates(service: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """Run a whole service in the system's reach: for tables that only the system reads."""

    @wraps(service)
    def run(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with elevated(session):
            return service(session, *args, **kwargs)

    return run
