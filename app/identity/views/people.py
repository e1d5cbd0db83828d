"""A partner's team, and all users for an admin."""

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import column, select, table

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission, Role
from app.identity import queries, services
from app.identity.forms import InviteForm, RoleForm
from app.identity.views import bp
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.respond import flash, form_page, see_other


def _partners() -> list[tuple[str, str]]:
    partner = table("partner", column("id"), column("name"))
    rows = current_session().execute(select(partner.c.id, partner.c.name).order_by(partner.c.name))
    return [(str(row.id), row.name) for row in rows]


def _invite_form() -> InviteForm:
    form, vendor = InviteForm(), the_actor().is_vendor
    form.offer(vendor=vendor, partners=_partners() if vendor else [])
    return form


def _list(form: InviteForm) -> Response:
    session, actor = current_session(), the_actor()
    search = request.args.get("q", "")[:100].replace("\x00", "")
    return form_page(
        "identity/people.html",
        form=form,
        people=queries.people(session, actor=actor, search=search),
        pending=queries.pending(session, actor=actor, at=now()),
        search=search,
    )


def _invite() -> ResponseReturnValue:
    form, actor = _invite_form(), the_actor()
    if form.validate_on_submit():
        chosen = form.partner_id.data if actor.is_vendor else str(actor.partner_id)
        try:
            to = services.Invitee(
                form.entered("email"),
                form.entered("name"),
                Role(form.role.data),
                UUID(chosen) if chosen else None,
            )
            services.invite(current_session(), to=to, actor=actor, at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{form.entered('name')} is invited; the link holds for 24 hours.")
            return see_other("identity.users" if actor.is_vendor else "identity.team")
    return _list(form)


@bp.get("/team", endpoint="team")
@requires(Permission.TEAM_MANAGE)
def team() -> ResponseReturnValue:
    """List the people of the reader's company."""
    return _list(_invite_form())


@bp.post("/team", endpoint="team_post")
@requires(Permission.TEAM_MANAGE)
def invite_to_team() -> ResponseReturnValue:
    """Invite somebody to the reader's company."""
    return _invite()


@bp.get("/users", endpoint="users")
@requires(Permission.USER_MANAGE)
def users() -> ResponseReturnValue:
    """List everybody."""
    return _list(_invite_form())


@bp.post("/users", endpoint="users_post")
@requires(Permission.USER_MANAGE)
def invite_user() -> ResponseReturnValue:
    """Invite somebody, of the vendor or of a partner."""
    return _invite()


def _person(user_id: UUID, form: RoleForm) -> ResponseReturnValue:
    user = queries.one(current_session(), user_id, actor=the_actor())
    form.offer(user.role)
    return form_page("identity/person.html", form=form, person=user)


def _change_role(user_id: UUID, endpoint: str) -> ResponseReturnValue:
    form, actor = RoleForm(), the_actor()
    user = queries.one(current_session(), user_id, actor=actor)
    form.offer(user.role)
    if not form.validate_on_submit():
        return _person(user_id, form)
    services.change_role(
        current_session(), user_id, role=Role(form.role.data), actor=actor, at=now()
    )
    flash(f"{user.name} has a new role from the next click on.")
    return see_other(endpoint, user_id=user_id)


def _shut_out(user_id: UUID, endpoint: str) -> ResponseReturnValue:
    user = services.deactivate(current_session(), user_id, actor=the_actor(), at=now())
    flash(f"{user.name} is shut out.")
    return see_other(endpoint, user_id=user_id)


def _let_back(user_id: UUID, endpoint: str) -> ResponseReturnValue:
    user = services.reactivate(current_session(), user_id, actor=the_actor(), at=now())
    flash(f"{user.name} may come in again.")
    return see_other(endpoint, user_id=user_id)


def _show(user_id: UUID) -> ResponseReturnValue:
    user = queries.one(current_session(), user_id, actor=the_actor())
    form = RoleForm(formdata=None, role=user.role.value)
    return _person(user_id, form)


def _withdraw(invitation_id: UUID, endpoint: str) -> ResponseReturnValue:
    services.withdraw_invitation(current_session(), invitation_id, actor=the_actor(), at=now())
    flash("The invitation is withdrawn.")
    return see_other(endpoint)


def _routes(area: str, permission: Permission) -> None:
    """Give the same acts to a partner's team page and to the admin's page of users."""
    one, many = f"identity.{area}_member", f"identity.{area}"
    acts = {
        ("GET", "<uuid:user_id>", "member"): lambda user_id: _show(user_id),
        ("POST", "<uuid:user_id>/role", "role"): lambda user_id: _change_role(user_id, one),
        ("POST", "<uuid:user_id>/closure", "closure"): lambda user_id: _shut_out(user_id, one),
        ("POST", "<uuid:user_id>/reopening", "reopening"): lambda user_id: _let_back(user_id, one),
        ("POST", "invitations/<uuid:invitation_id>/withdrawal", "withdrawal"): (
            lambda invitation_id: _withdraw(invitation_id, many)
        ),
    }
    for (method, path, name), act in acts.items():
        bp.add_url_rule(
            f"/{area}/{path}", f"{area}_{name}", requires(permission)(act), methods=[method]
        )


_routes("team", Permission.TEAM_MANAGE)
_routes("users", Permission.USER_MANAGE)
