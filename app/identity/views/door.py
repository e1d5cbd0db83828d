"""Sign in, give the second factor, confirm, sign out."""

from datetime import timedelta
from uuid import UUID

from flask import abort, current_app, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from sqlalchemy import select

from app.access.guard import by_system, current_session, public, signed_in, the_actor
from app.access.rules import SYSTEM, Role
from app.db.engine import transaction
from app.identity import queries, services
from app.identity.forms import CodeForm, ConfirmForm, SignInForm
from app.identity.models import User
from app.identity.views import bp
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.ledger.services import record
from app.web.respond import back_to, flash, form_page, page, safe_path, see_other

WINDOW = timedelta(minutes=15)
TRIES = 10
PENDING = timedelta(minutes=5)


def _next() -> str:
    return safe_path(request.values.get("next", ""))


def _slow_down(email: str) -> None:
    """Count this try where it stays counted although the answer is a refusal."""
    address = request.remote_addr or ""
    with transaction(SYSTEM.scope) as aside:
        key = f"sign-in:{email.strip().lower()[:60]}:{address}"
        services.spend(aside, key, limit=TRIES, window=WINDOW, at=now())
        services.spend(aside, f"sign-in:{address}", limit=10 * TRIES, window=WINDOW, at=now())


def _note_refusal(email: str) -> None:
    with transaction(SYSTEM.scope) as aside:
        user = queries.by_email(aside, email)
        if user is not None:
            record(
                aside,
                "identity.session.refused",
                subject=user,
                actor=SYSTEM,
                at=now(),
                partner_id=user.partner_id,
            )


def let_in(user: User) -> None:
    """Open a session for ``user`` under a new cookie."""
    kept_theme = cookie.get("theme")
    cookie.clear()
    if kept_theme:
        cookie["theme"] = kept_theme
    agent = request.user_agent.string
    token = services.open_session(
        current_session(), user, at=now(), address=request.remote_addr or "", agent=agent
    )
    cookie["_user_id"] = token
    cookie["_fresh"] = True


@bp.get("/sign-in", endpoint="sign_in")
@public
def sign_in_form() -> ResponseReturnValue:
    """Show the way in."""
    if current_user.is_authenticated:
        return see_other("home.index")
    roles = list(Role) if current_app.config["SETTINGS"].is_demo else []
    return page("identity/sign_in.html", form=SignInForm(), roles=roles, next=_next())


@bp.post("/sign-in", endpoint="sign_in_post")
@by_system
def sign_in() -> ResponseReturnValue:
    """Let somebody in who knows address and password, or ask for the second factor."""
    form = SignInForm()
    roles = list(Role) if current_app.config["SETTINGS"].is_demo else []
    context = {"roles": roles, "next": _next()}
    if form.validate_on_submit():
        _slow_down(form.entered("email"))
        try:
            user = services.prove(
                current_session(), form.entered("email"), form.entered("password")
            )
        except services.SignInRefused as refusal:
            _note_refusal(form.entered("email"))
            form.refuse(refusal)
        else:
            if queries.has_second_factor(current_session(), user.id):
                cookie["pending"] = [str(user.id), now().timestamp()]
                return see_other("identity.code", next=_next())
            let_in(user)
            return back_to("home.index")
    return form_page("identity/sign_in.html", form=form, **context)


def _pending() -> User:
    user_id, since = cookie.get("pending", ["", 0])
    if not user_id or now().timestamp() - since > PENDING.total_seconds():
        abort(400)
    return current_session().get_one(User, UUID(user_id))


@bp.get("/sign-in/code", endpoint="code")
@public
def code_form() -> ResponseReturnValue:
    """Ask for the second factor."""
    if "pending" not in cookie:
        return see_other("identity.sign_in")
    return page("identity/code.html", form=CodeForm(), next=_next())


@bp.post("/sign-in/code", endpoint="code_post")
@by_system
def code() -> ResponseReturnValue:
    """Let somebody in who gave the password just now and a code that fits."""
    form = CodeForm()
    if form.validate_on_submit():
        user = _pending()
        _slow_down(f"code-{user.id}")
        try:
            services.spend_code(current_session(), user, form.entered("code"), at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            let_in(user)
            return back_to("home.index")
    return form_page("identity/code.html", form=form, next=_next())


@bp.post("/sign-out", endpoint="sign_out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session."""
    services.end_session(current_session(), current_user.session_id, actor=the_actor(), at=now())
    logout_user()
    cookie.clear()
    flash("You are signed out.")
    return see_other("identity.sign_in")


@bp.get("/confirm", endpoint="confirm")
@signed_in
def confirm_form() -> ResponseReturnValue:
    """Ask for the password again."""
    return page("identity/confirm.html", form=ConfirmForm(), next=_next())


@bp.post("/confirm", endpoint="confirm_post")
@signed_in
def confirm() -> ResponseReturnValue:
    """Accept the password again; acts that need it fresh are open for five minutes."""
    form = ConfirmForm()
    if form.validate_on_submit():
        _slow_down(current_user.email)
        try:
            with transaction(SYSTEM.scope) as aside:
                services.prove(aside, current_user.email, form.entered("password"))
        except services.SignInRefused:
            form.password.errors = ["This is not your password."]
        else:
            services.touch(current_session(), current_user.session_id, at=now(), fresh=True)
            return back_to("home.index")
    return form_page("identity/confirm.html", form=form, next=_next())


@bp.post("/demo/sign-in", endpoint="demo")
@by_system
def demo_sign_in() -> ResponseReturnValue:
    """Let anybody in as the demo company's person of a role; there is no such page elsewhere."""
    settings = current_app.config["SETTINGS"]
    if not settings.is_demo or request.form.get("role") not in set(Role):
        abort(404)
    wanted = select(User).where(User.role == Role(request.form["role"]), User.is_active)
    user = current_session().scalars(wanted.order_by(User.created_at, User.email)).first()
    if user is None:
        abort(404)
    let_in(user)
    return back_to("home.index")


@bp.post("/preferences/theme", endpoint="theme")
@public
def theme() -> ResponseReturnValue:
    """Keep whether pages are light, dark, or as the system says."""
    chosen = request.form.get("theme", "")
    response = current_app.make_response(back_to("home.index"))
    if chosen in {"light", "dark"}:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        year = 365 * 24 * 3600
        response.set_cookie("theme", chosen, max_age=year, samesite="Lax", secure=secure)
    else:
        response.delete_cookie("theme")
    return response
