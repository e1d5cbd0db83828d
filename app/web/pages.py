"""What every page is given: navigation, the vendor, the moment, tokens for forms."""

from functools import lru_cache
from typing import Any
from uuid import uuid4

from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined

from app.access.guard import current_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.web import filters, pieces
from app.web.menu import menu_of
from app.web.respond import address
from config import Settings


@lru_cache(maxsize=64)  # a style sheet has one address, and a page names nine files
def _asset(name: str, _root: str) -> str:
    return url_for("static", filename=name)


def _account() -> dict[str, Any]:
    """Return where the reader's own pages are."""
    profile, out = address("identity.profile"), address("identity.sign_out")
    return {"profile_url": profile, "sign_out_url": out, "links": []}


def can(permission: str) -> bool:
    """Return whether the reader's role grants the permission called ``permission``."""
    actor = current_actor()
    return actor is not None and actor.may(Permission(permission))


def install(app: Flask, settings: Settings) -> None:
    """Give every template what it shares with the others."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    filters.install(app)
    # Globals, not page context: macros are imported without context.
    app.jinja_env.globals["idempotency_key"] = lambda: uuid4().hex
    app.jinja_env.globals["csrf_token"] = lambda: g.get("csrf_token") or generate_csrf()
    app.jinja_env.globals["asset"] = lambda name: _asset(name, request.root_path)
    app.jinja_env.globals["pieces"] = pieces
    menu = menu_of(app)

    @app.before_request
    def note_the_moment() -> None:
        g.now = now()

    @app.context_processor
    def shared() -> dict[str, Any]:
        actor = current_actor()
        return {
            "actor": actor,
            "can": can,
            "nav": menu(actor.role if actor else None),
            "account": _account() if actor else None,
            "vendor": {"name": settings.vendor_name},
            "demo": settings.is_demo,
            "now": g.get("now") or now(),
            "locale": actor.locale if actor else "en_GB",
        }
