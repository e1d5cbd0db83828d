"""Pages of partners and programmes: for the vendor, and a partner's own."""

from flask import Flask

from app.partners.views import acts, lists, own, pages, programmes
from app.partners.views.blueprint import bp

__all__ = ["acts", "bp", "lists", "own", "pages", "programmes"]


def install(app: Flask) -> None:
    """Give the portal the pages of partners."""
    app.register_blueprint(bp)
