"""Pages of attribution: the policy, orders, journeys."""

from flask import Blueprint, Flask

from app.kernel.errors import Broken

bp = Blueprint("attribution", __name__)


def install(app: Flask) -> None:
    """Give the portal the pages of attribution."""
    from app.attribution.views import journey, orders, policy, progress  # each adds routes to bp

    if not all((journey, orders, policy, progress)):
        raise Broken("a room of the attribution views is missing")
    app.register_blueprint(bp)
