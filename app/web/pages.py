"""What every page is given: navigation, the vendor, the moment, tokens for forms."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g, request, url_for
from jinja2 import StrictUndefined

from app.access.guard import current_actor
from app.access.rules import Actor, Permission
from app.kernel.clock import now
from app.web import filters
from config import Settings


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation: who may follow it, and which side it is for."""

    label: str
    endpoint: str
    icon: str
    permission: Permission | None = None
    audience: str = "all"


NAVIGATION: tuple[tuple[str, tuple[Link, ...]], ...] = (
    (
        "",
        (Link("Home", "home.index", "home"),),
    ),
    (
        "Sell",
        (
            Link("Deals", "deals.index", "briefcase", Permission.DEAL_VIEW),
            Link("Review desk", "deals.review", "inbox", Permission.DEAL_REVIEW),
            Link("Pipeline", "pipeline.board", "layout-kanban", Permission.PIPELINE_VIEW),
            Link("Accounts", "accounts.index", "building", Permission.ACCOUNT_VIEW),
            Link("Partners", "partners.index", "users", Permission.PARTNER_VIEW),
            Link(
                "Programme",
                "partners.programme",
                "shield-check",
                Permission.PROGRAMME_VIEW,
                "partner",
            ),
            Link("Library", "enablement.index", "book", Permission.LIBRARY_VIEW),
            Link("Price list", "catalogue.index", "list", Permission.CATALOGUE_VIEW),
        ),
    ),
    (
        "Earn",
        (
            Link("Earnings", "statements.earnings", "coin", Permission.STATEMENT_VIEW, "partner"),
            Link("Plans", "incentives.index", "scale", Permission.PLAN_VIEW),
            Link("Commission runs", "statements.periods", "calendar", Permission.RUN_VIEW),
            Link(
                "Statements", "statements.index", "file-text", Permission.STATEMENT_VIEW, "vendor"
            ),
            Link("Disputes", "statements.disputes", "alert-triangle", Permission.DISPUTE_DECIDE),
        ),
    ),
    (
        "Revenue",
        (
            Link("Ecosystem revenue", "reporting.revenue", "chart-bar", Permission.REVENUE_REPORT),
            Link("Orders", "revenue.orders", "receipt", Permission.ORDER_VIEW),
            Link("Attribution", "attribution.index", "activity", Permission.ATTRIBUTION_VIEW),
            Link("Imports", "revenue.imports", "upload", Permission.IMPORT_RUN),
        ),
    ),
    (
        "Company",
        (
            Link("Team", "identity.team", "users", Permission.TEAM_MANAGE, "partner"),
            Link(
                "Company profile",
                "partners.own",
                "building",
                Permission.OWN_COMPANY_EDIT,
                "partner",
            ),
        ),
    ),
    (
        "Administration",
        (
            Link("Users", "identity.users", "key", Permission.USER_MANAGE),
            Link(
                "Programmes",
                "partners.programmes",
                "shield-check",
                Permission.PROGRAMME_EDIT,
                "vendor",
            ),
            Link("Ledger", "machine.ledger", "lock", Permission.LEDGER_VIEW, "vendor"),
            Link("Jobs", "machine.jobs", "refresh", Permission.JOB_VIEW),
            Link("Mailbox", "machine.mailbox", "mail", Permission.MAILBOX_VIEW),
        ),
    ),
)


def _shown(link: Link, actor: Actor) -> bool:
    side = "vendor" if actor.is_vendor else "partner"
    if link.audience not in {"all", side} or link.endpoint not in current_app.view_functions:
        return False
    return link.permission is None or actor.may(link.permission)


def navigation(actor: Actor | None) -> list[dict[str, Any]]:
    """Return the sections and links that ``actor`` may follow, the current one marked."""
    if actor is None:
        return []
    sections = []
    for label, links in NAVIGATION:
        items = [_item(link) for link in links if _shown(link, actor)]
        if items:
            sections.append({"label": label, "items": items})
    return sections


@cache  # two dozen on every page, which never change
def _address(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


def _item(link: Link) -> dict[str, Any]:
    here = request.endpoint or ""
    same_feature = here.split(".")[0] == link.endpoint.split(".")[0]
    url = _address(link.endpoint, request.root_path)
    inside = same_feature and (request.path == url or request.path.startswith(f"{url}/"))
    return {
        "label": link.label,
        "url": url,
        "icon": link.icon,
        "current": here == link.endpoint or (inside and url != "/"),
        "count": None,
    }


def _account() -> dict[str, Any] | None:
    """Return where the reader's own pages are."""
    if current_actor() is None:
        return None
    profile, out = url_for("identity.profile"), url_for("identity.sign_out")
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
    # A global, not page context: macros are imported without context.
    app.jinja_env.globals["idempotency_key"] = lambda: uuid4().hex

    @app.before_request
    def note_the_moment() -> None:
        g.now = now()

    @app.context_processor
    def shared() -> dict[str, Any]:
        actor = current_actor()
        return {
            "actor": actor,
            "can": can,
            "nav": navigation(actor),
            "account": _account(),
            "vendor": {"name": settings.vendor_name},
            "demo": settings.is_demo,
            "now": g.get("now") or now(),
            "locale": actor.locale if actor else "en_GB",
        }
