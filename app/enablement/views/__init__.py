"""Pages of the library and of certificates."""

from flask import Flask

from app.enablement.views import certificates, editing, library
from app.enablement.views.blueprint import bp

__all__ = ["bp", "certificates", "editing", "library"]


def install(app: Flask) -> None:
    """Give the portal the library and the certificates."""
    app.register_blueprint(bp)
