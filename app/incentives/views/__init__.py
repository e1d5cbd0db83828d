"""Pages of incentives: plans, their editor and simulation, why, what if."""

from flask import Blueprint, Flask

from app.kernel.errors import Broken

bp = Blueprint("incentives", __name__)


def install(app: Flask) -> None:
    """Give the portal the pages of incentives."""
    from app.incentives.views import drafting, plans, simulation, whatif  # each adds routes

    if not all((drafting, plans, simulation, whatif)):
        raise Broken("a room of the incentives views is missing")
    app.register_blueprint(bp)
