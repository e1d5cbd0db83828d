"""Pages of the chain: orders, invoices, the vendor's companies, imports."""

from flask import Blueprint, Flask

from app.kernel.errors import Broken

bp = Blueprint("revenue", __name__)


def install(app: Flask) -> None:
    """Give the portal the pages of revenue."""
    from app.revenue.views import booking, companies, imports, lists, papers, show

    if not all((booking, companies, imports, lists, papers, show)):  # each adds routes to bp
        raise Broken("a room of the revenue views is missing")
    app.register_blueprint(bp)
