"""``flask users``: let the first people in, and see who is here."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.access.rules import SYSTEM, VENDOR_ROLES, Role
from app.db.engine import transaction
from app.identity import services
from app.identity.models import User
from app.kernel.clock import now
from app.kernel.errors import Refusal
from app.kernel.format import label

commands = AppGroup("users", help="Let the first people in, and see who is here.")


@commands.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="How the portal addresses them.")
@click.option(
    "--role",
    type=click.Choice(sorted(role.value for role in VENDOR_ROLES)),
    default=Role.ADMIN.value,
    show_default=True,
)
def invite(email: str, name: str, role: str) -> None:
    """Invite somebody of the vendor; the link is printed, and holds for 24 hours."""
    to = services.Invitee(email, name, Role(role))
    try:
        with transaction(SYSTEM.scope) as session:
            invited = services.invite(session, to=to, actor=SYSTEM, at=now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    address = current_app.config["SETTINGS"].address
    click.echo(f"{name} joins at {address}/join/{invited.token}")


@commands.command("list")
def show() -> None:
    """Print everybody: address, role, whether they may come in."""
    with transaction(SYSTEM.scope, read_only=True) as session:
        for user in session.scalars(select(User).order_by(User.role, User.email)):
            state = "" if user.is_active else "  (shut out)"
            click.echo(f"{user.email}  {label(user.role)}{state}")
