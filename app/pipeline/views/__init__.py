"""Pages of the pipeline: the board, the list, one opportunity, and what is done with it."""

from flask import Blueprint, Flask

from app.kernel.errors import Broken

bp = Blueprint("pipeline", __name__)


def install(app: Flask) -> None:
    """Give the portal the pages of the pipeline."""
    from app.pipeline.views import acts, board, join, listing, places, show, terms  # add routes

    if not all((acts, board, join, listing, places, show, terms)):
        raise Broken("a room of the pipeline views is missing")
    app.register_blueprint(bp)
