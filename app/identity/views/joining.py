"""Take up an invitation; get back in after forgetting a password."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue

from app.access.guard import by_system, current_session, public
from app.access.rules import SYSTEM
from app.db.engine import transaction
from app.identity import services
from app.identity.forms import ForgottenForm, JoinForm, NewPasswordForm
from app.identity.services.joining import invitation_of, reset_of
from app.identity.views import bp
from app.identity.views.door import let_in
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.respond import flash, form_page, page, see_other


@bp.get("/join/<token>", endpoint="join")
@by_system
def join_form(token: str) -> ResponseReturnValue:
    """Show an invitation that still holds."""
    invitation = invitation_of(current_session(), token, at=now(), lock=False)
    form = JoinForm(name=invitation.name)
    return page("identity/join.html", form=form, invitation=invitation)


@bp.post("/join/<token>", endpoint="join_post")
@by_system
def join(token: str) -> ResponseReturnValue:
    """Make somebody of an invitation, and let them in."""
    form = JoinForm()
    session = current_session()
    invitation = invitation_of(session, token, at=now())
    if form.validate_on_submit():
        given = {"name": form.entered("name"), "password": form.entered("password")}
        try:
            user = services.accept(session, token, at=now(), **given)
        except services.LinkSpent:
            raise
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            let_in(user)
            flash(f"Welcome, {user.name}.")
            return see_other("home.index")
    return form_page("identity/join.html", form=form, invitation=invitation)


@bp.get("/password/forgotten", endpoint="forgotten")
@public
def forgotten_form() -> ResponseReturnValue:
    """Ask for the address to send a way back to."""
    return page("identity/forgotten.html", form=ForgottenForm())


@bp.post("/password/forgotten", endpoint="forgotten_post")
@by_system
def forgotten() -> ResponseReturnValue:
    """Send a way back in; the answer is the same for unknown addresses."""
    form = ForgottenForm()
    if form.validate_on_submit():
        key = f"reset:{request.remote_addr}"
        with transaction(SYSTEM.scope) as aside:
            services.spend(aside, key, limit=10, window=timedelta(hours=1), at=now())
        services.ask_reset(current_session(), form.entered("email"), at=now())
        flash("If that address has a place here, a link is on its way to it.")
        return see_other("identity.sign_in")
    return form_page("identity/forgotten.html", form=form)


@bp.get("/password/reset/<token>", endpoint="reset")
@by_system
def reset_form(token: str) -> ResponseReturnValue:
    """Ask for a new password, if the link still holds."""
    reset_of(current_session(), token, at=now(), lock=False)
    return page("identity/reset.html", form=NewPasswordForm())


@bp.post("/password/reset/<token>", endpoint="reset_post")
@by_system
def reset(token: str) -> ResponseReturnValue:
    """Set the new password; every session of that person ends."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            services.reset_password(
                current_session(), token, password=form.entered("password"), at=now()
            )
        except services.LinkSpent:
            raise
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash("Your password is changed. Sign in with it.")
            return see_other("identity.sign_in")
    return form_page("identity/reset.html", form=form)
