"""One's own name, password, second factor and sessions."""

from uuid import UUID

import pyotp
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import FRESH, FreshSignInNeeded, current_session, signed_in, the_actor
from app.db.engine import elevated
from app.identity import queries, services
from app.identity.forms import ChangePasswordForm, CodeForm, ProfileForm
from app.identity.models import User
from app.identity.services.factors import seed_of
from app.identity.views import bp
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.respond import flash, form_page, page, see_other


def _me() -> User:
    return current_session().get_one(User, the_actor().user_id)


def _context() -> dict[str, object]:
    session, me = current_session(), _me()
    return {
        "me": me,
        "sessions": queries.open_sessions(session, me.id, at=now()),
        "here": current_user.session_id,
        "has_factor": queries.has_second_factor(session, me.id),
    }


def _fresh() -> None:
    if now() - current_user.fresh_at > FRESH:
        raise FreshSignInNeeded("Give your password again to go on.")


@bp.get("/profile", endpoint="profile")
@signed_in
def profile() -> ResponseReturnValue:
    """Show what the portal knows of the reader."""
    form = ProfileForm(obj=_me())
    return page(
        "identity/profile.html", form=form, password_form=ChangePasswordForm(), **_context()
    )


@bp.post("/profile", endpoint="profile_post")
@signed_in
def edit_profile() -> ResponseReturnValue:
    """Change name, locale and zone."""
    form = ProfileForm()
    if form.validate_on_submit():
        services.edit_profile(current_session(), _me().id, **form.values)
        flash("Your profile is saved.")
        return see_other("identity.profile")
    return form_page(
        "identity/profile.html",
        form=form,
        password_form=ChangePasswordForm(formdata=None),
        **_context(),
    )


@bp.post("/profile/password", endpoint="password")
@signed_in
def password() -> ResponseReturnValue:
    """Change the password; other sessions end."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            services.change_password(
                current_session(),
                _me(),
                old=form.entered("old"),
                new=form.entered("password"),
                session_id=current_user.session_id,
                at=now(),
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash("Your password is changed. Your other sessions have ended.")
            return see_other("identity.profile")
    profile_form = ProfileForm(formdata=None, obj=_me())
    return form_page(
        "identity/profile.html",
        form=form,
        profile_form=profile_form,
        password_form=form,
        **_context(),
    )


@bp.post("/profile/sessions/<uuid:session_id>/end", endpoint="end_session")
@signed_in
def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of the reader's sessions."""
    services.end_session(current_session(), session_id, actor=the_actor(), at=now())
    flash("The session has ended.")
    return see_other("identity.profile")


@bp.get("/profile/second-factor", endpoint="factor")
@signed_in
def factor() -> ResponseReturnValue:
    """Show the second factor: how to enrol, or that it is in force."""
    return _factor_page(CodeForm())


def _factor_page(form: CodeForm) -> ResponseReturnValue:
    me = _me()
    session = current_session()
    confirmed = queries.has_second_factor(session, me.id)
    seed = None if confirmed else seed_of(session, me)
    picture = ""
    if seed:
        import segno  # only who sets up a second factor needs it

        uri = pyotp.TOTP(seed).provisioning_uri(name=me.email, issuer_name="Tandem")
        picture = segno.make(uri).svg_inline(scale=4, svgclass="qr", lineclass="qr-line")
    return form_page(
        "identity/factor.html",
        form=form,
        seed=seed,
        picture=picture,
        confirmed=confirmed,
        must_enrol=current_user.must_enrol,
    )


@bp.post("/profile/second-factor/seed", endpoint="factor_seed")
@signed_in
def begin_factor() -> ResponseReturnValue:
    """Make a new seed to scan."""
    _fresh()
    services.begin_factor(current_session(), _me())
    return see_other("identity.factor")


@bp.post("/profile/second-factor", endpoint="factor_post")
@signed_in
def confirm_factor() -> ResponseReturnValue:
    """Put the second factor in force; the recovery codes are shown this once."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = services.confirm_factor(
                current_session(), _me(), form.entered("code"), at=now()
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return page("identity/recovery_codes.html", codes=codes)
    return _factor_page(form)


@bp.post("/profile/second-factor/removal", endpoint="factor_removal")
@signed_in
def remove_factor() -> ResponseReturnValue:
    """Take the second factor away."""
    _fresh()
    with elevated(current_session()):
        services.remove_factor(current_session(), _me(), at=now())
    flash("Your second factor is removed.")
    return see_other("identity.factor")
