"""Pages of partners and programmes: for the vendor, and a partner's own."""

from flask import Flask

from app.partners.views.blueprint import bp

__all__ = ["bp"]


def install(app: Flask) -> None:
    """Give the portal the pages of partners."""
    app.register_blueprint(bp)
