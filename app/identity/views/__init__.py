"""Getting in, joining, profile and team: blueprint, and who a cookie belongs to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from app.access.rules import SYSTEM, Actor
from app.db.engine import glance, transaction
from app.identity import queries, services
from app.identity.services.sessions import SEEN_EVERY
from app.kernel.clock import now
from app.kernel.errors import Broken

bp = Blueprint("identity", __name__)


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Somebody signed in: the actor, and the session that the cookie opens."""

    token: str
    actor: Actor
    session_id: UUID
    fresh_at: datetime
    email: str
    must_enrol: bool

    def get_id(self) -> str:
        """Return what the cookie carries."""
        return self.token


def _load(token: str, *, required: bool) -> SignedIn | None:
    at = now()
    with glance(SYSTEM.scope) as connection:
        row = queries.alive(connection, token, at=at)
        if row is None:
            return None
        reach = queries.reach(connection, row.partner_id)
    actor = Actor(
        row.id, row.name, row.role, row.partner_id, reach, row.locale, row.zone, row.country
    )
    if at - row.seen_at > SEEN_EVERY:
        with transaction(SYSTEM.scope) as session:
            services.touch(session, row.session_id, at=at)
    must_enrol = required and row.partner_id is None and not row.has_factor
    return SignedIn(token, actor, row.session_id, row.fresh_at, row.email, must_enrol)


def install(app: Flask) -> None:
    """Register the pages, and tell Flask-Login whom a cookie belongs to."""
    from app.identity.views import door, joining, people, profile  # each adds routes to bp

    if not all((door, joining, people, profile)):
        raise Broken("a room of the identity views is missing")
    settings = app.config["SETTINGS"]
    manager = LoginManager()
    manager.session_protection = None  # the session is kept on the server; addresses may change
    manager.init_app(app)
    app.register_blueprint(bp)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        return _load(token, required=settings.second_factor_required)

    @app.before_request
    def enrol_first() -> ResponseReturnValue | None:
        free = {"static", "identity.factor", "identity.sign_out", "identity.theme"}
        if request.endpoint in free or not current_user.is_authenticated:
            return None
        return redirect(url_for("identity.factor"), 303) if current_user.must_enrol else None
