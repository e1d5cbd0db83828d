"""The guard in front of every route: who asks, whether they may, and one transaction an answer.

Each view is declared with one of ``requires``, ``signed_in`` and ``public``; a test fails for a
route with none. The transaction is read-only for GET, so that reading changes nothing.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app.access import idempotency
from app.access.rules import SYSTEM, Actor, Permission, scope_of
from app.db.engine import transaction
from app.kernel.clock import now
from app.kernel.errors import Forbidden, NotFound, Refusal
from app.ledger.services import record

FRESH = timedelta(minutes=5)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

_log = logging.getLogger("tandem.access")


class _Person:
    """The subject of an access event: a person, by id alone."""

    __tablename__ = "app_user"

    def __init__(self, actor: Actor) -> None:
        self.id = actor.user_id


class SignInNeeded(Refusal):
    """Nobody is signed in."""

    status = 401
    code = "access.sign_in_needed"


class FreshSignInNeeded(Refusal):
    """The password was last given too long ago for an act that moves money or changes identity."""

    status = 401
    code = "access.fresh_sign_in_needed"


def current_actor() -> Actor | None:
    """Return who asks, or None when nobody is signed in."""
    try:
        person = g._login_user  # where Flask-Login keeps them: every formatted value asks
    except AttributeError:
        person = current_user._get_current_object()
    return getattr(person, "actor", None)


def the_actor() -> Actor:
    """Return who asks.

    :raises SignInNeeded: when nobody is signed in
    """
    actor = current_actor()
    if actor is None:
        raise SignInNeeded("Sign in to go on.")
    return actor


def current_session() -> Session:
    """Return the database session of this request's one transaction."""
    return cast(Session, g.db_session)


def public(view: View) -> View:
    """Let anybody in; the transaction reaches nobody's rows unless they are signed in."""
    return _guarded(view, "public", lambda: None)


def by_system(view: View) -> View:
    """Let anybody in and run in the system's reach: only for signing in, joining and verifying."""
    return _guarded(view, "public, in the system's reach", lambda: None, system=True)


def signed_in(view: View) -> View:
    """Let in everybody who is signed in."""
    return _guarded(view, "signed in", the_actor)


def requires(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Let in those whose role grants ``permission``; ``fresh`` asks for a recent password too."""

    def check() -> None:
        actor = the_actor()
        if not actor.may(permission):
            _deny(actor, permission)
        if fresh and now() - current_user.fresh_at > FRESH:
            raise FreshSignInNeeded("Give your password again to go on.")

    def declare(view: View) -> View:
        return _guarded(view, f"{permission}{', fresh' if fresh else ''}", check)

    return declare


def _deny(actor: Actor, permission: Permission) -> None:
    _log.warning("denied", extra={"permission": permission, "path": request.path})
    with transaction(SYSTEM.scope) as session:
        facts = {"permission": permission.value, "path": request.path[:200]}
        record(
            session,
            "access.request.denied",
            subject=_Person(actor),
            actor=actor,
            at=now(),
            partner_id=actor.partner_id,
            **facts,
        )
    if actor.is_vendor:
        raise Forbidden("Your role does not include this.", code="access.forbidden")
    raise NotFound


def _guarded(view: View, guard: str, check: Callable[[], Any], *, system: bool = False) -> View:
    @wraps(view)
    def guarded(**kwargs: UUID | str) -> Response:
        check()
        actor = SYSTEM if system else current_actor()
        read_only = request.method in SAFE
        with transaction(scope_of(actor), read_only=read_only) as session:
            g.db_session = session
            response = None if read_only or actor is None else _replay(session, actor)
            if response is None:
                response = make_response(view(**kwargs))
                if not read_only and actor is not None:
                    idempotency.remember(session, request, actor, response)
            if response.status_code >= 400:
                session.rollback()
        return response

    guarded.guard = guard  # type: ignore[attr-defined]
    return cast(View, guarded)


def _replay(session: Session, actor: Actor) -> Response | None:
    return idempotency.replay(session, request, actor)
