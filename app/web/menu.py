"""The navigation: who is led where, and what of it stands on a page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, request
from markupsafe import Markup

from app.access.rules import GRANTS, VENDOR_ROLES, Permission, Role
from app.web.respond import address


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


def _is_for(link: Link, role: Role) -> bool:
    side = "vendor" if role in VENDOR_ROLES else "partner"
    is_granted = link.permission is None or link.permission in GRANTS[role]
    return is_granted and link.audience in {"all", side}


def menu_of(app: Flask) -> Callable[[Role | None], Markup]:
    """Return what writes the navigation of ``app`` for a role, with the present page marked.

    It stands on every page and depends on role and place alone: each is written once.
    """

    @cache
    def links_of(role: Role, _root: str) -> dict[str, str]:
        links = (link for _, section in NAVIGATION for link in section if _is_for(link, role))
        return {
            link.endpoint: address(link.endpoint)
            for link in links
            if link.endpoint in app.view_functions
        }

    @cache
    def written(role: Role, root: str, present: frozenset[str]) -> Markup:
        urls = links_of(role, root)
        sections = [
            (label, [(link, urls[link.endpoint]) for link in links if link.endpoint in urls])
            for label, links in NAVIGATION
        ]
        macros: Any = app.jinja_env.get_template("macros/nav.html").module
        links: Markup = macros.nav_links([part for part in sections if part[1]], present)
        return links

    def menu(role: Role | None) -> Markup:
        if role is None:
            return Markup()
        urls = links_of(role, request.root_path)
        present = frozenset(endpoint for endpoint, url in urls.items() if _is_here(endpoint, url))
        return written(role, request.root_path, present)

    return menu


def _is_here(endpoint: str, url: str) -> bool:
    here = request.endpoint or ""
    if here == endpoint:
        return True
    is_near = here.split(".")[0] == endpoint.split(".")[0] and url != "/"
    return is_near and (request.path == url or request.path.startswith(f"{url}/"))
