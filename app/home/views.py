"""The pages that belong to no one feature."""

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.access.guard import current_session, public, signed_in, the_actor
from app.home import admin, numbers, verify, waiting
from app.home import search as finder
from app.kernel.clock import now
from app.web.respond import page

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Show what waits for the reader, then the numbers."""
    session, actor = current_session(), the_actor()
    return page(
        "home/index.html",
        tasks=waiting.tasks(session, actor),
        tiles=numbers.tiles(session, actor, at=now()),
    )


@bp.get("/search")
@signed_in
def search() -> ResponseReturnValue:
    """Find things by number, title or name."""
    asked = request.args.get("q", "")[:200]
    hits = finder.search(current_session(), asked, actor=the_actor())
    return page("home/search.html", hits=hits, q=asked)


@bp.get("/search/results")
@signed_in
def results() -> ResponseReturnValue:
    """Answer the command palette with links."""
    asked = request.args.get("q", "")[:200]
    hits = finder.search(current_session(), asked, actor=the_actor())
    return page("home/_results.html", hits=hits)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say that this process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Say that this process reaches its database; 503 where it does not."""
    current_session().execute(text("SELECT 1"))
    return Response("ready\n", mimetype="text/plain")


@signed_in
def styleguide() -> ResponseReturnValue:
    """Show every piece of the interface; outside production only."""
    return page("styleguide/index.html")


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.register_blueprint(admin.bp)
    app.register_blueprint(verify.bp)
    if not app.config["SETTINGS"].is_production:
        app.add_url_rule("/styleguide", "home.styleguide", styleguide)
