"""The library as its readers meet it."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.enablement import queries
from app.enablement.queries import Filters
from app.enablement.rules import ItemKind, html_of
from app.enablement.views.blueprint import bp
from app.files.services import download, fetch
from app.kernel.clock import now
from app.kernel.errors import NotFound
from app.partners.queries import programmes
from app.web.fields import tidy
from app.web.respond import page

_LONGEST_SEARCH = 120


@bp.get("/library")
@requires(Permission.LIBRARY_VIEW)
def index() -> ResponseReturnValue:
    """List what there is to read; what a higher tier opens is named, not linked."""
    session, actor, filters = current_session(), the_actor(), _filters()
    found = queries.library.listing(session, actor=actor, on=now().date(), filters=filters)
    return page(
        "enablement/index.html",
        found=found,
        filters=filters,
        chips=[
            _chip(filters, None, "All"),
            *(_chip(filters, k, f"{k}s".title()) for k in ItemKind),
        ],
        programmes=programmes(session) if actor.is_vendor else [],
        today=now().date(),
    )


@bp.get("/library/<slug>")
@requires(Permission.LIBRARY_VIEW)
def show(slug: str) -> ResponseReturnValue:
    """Show an item: its text, and its file where it has one."""
    item = queries.one(current_session(), slug, actor=the_actor(), on=now().date())
    # Safe: html_of lets no markup through but a list of plain elements.
    html = Markup(html_of(item.body))  # noqa: S704
    return page("enablement/item.html", item=item, html=html, today=now().date())


@bp.get("/library/<slug>/file")
@requires(Permission.LIBRARY_VIEW)
def file(slug: str) -> ResponseReturnValue:
    """Hand out the file of an item to those who may open the item."""
    session, actor = current_session(), the_actor()
    item = queries.one(session, slug, actor=actor, on=now().date())
    if item.file_id is None:
        raise NotFound
    found = download(fetch(session, item.file_id, actor=actor))
    return Response(found.content, mimetype=found.media_type, headers=found.headers)


def _filters() -> Filters:
    kind, programme = request.args.get("kind", ""), request.args.get("programme", "")
    try:
        programme_id = UUID(programme) if programme and the_actor().is_vendor else None
    except ValueError:
        programme_id = None
    return Filters(
        search=tidy(request.args.get("q"))[:_LONGEST_SEARCH],
        kind=ItemKind(kind) if kind in set(ItemKind) else None,
        programme_id=programme_id,
    )


def _chip(filters: Filters, kind: ItemKind | None, name: str) -> dict[str, object]:
    asked: dict[str, Any] = {"q": filters.search, "kind": kind, "programme": filters.programme_id}
    url = url_for("enablement.index", **{key: value for key, value in asked.items() if value})
    return {"label": name, "url": url, "current": filters.kind is kind}
