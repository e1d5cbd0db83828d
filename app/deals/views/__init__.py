"""Pages of registrations: for partners, and the review desk of the vendor."""

from flask import Flask

from app.deals.views import asks, desk, files, lists, pages, places, receipts, writing
from app.deals.views.blueprint import bp

__all__ = ["asks", "bp", "desk", "files", "lists", "pages", "places", "receipts", "writing"]


def install(app: Flask) -> None:
    """Give the portal the pages of registrations."""
    app.register_blueprint(bp)
