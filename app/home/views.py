"""The pages that belong to no one feature."""

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from app.access.guard import signed_in
from app.home import verify
from app.web.respond import page

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Show what waits for the reader."""
    return page("home/index.html")


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.register_blueprint(verify.bp)
