"""Pages of commission runs, statements, payouts, disputes and earnings."""

from flask import Flask

from app.statements.views import disputes, earnings, payouts, periods, places, statements, why
from app.statements.views.blueprint import bp

__all__ = ["bp", "disputes", "earnings", "payouts", "periods", "places", "statements", "why"]


def install(app: Flask) -> None:
    """Give the portal the pages of statements."""
    app.register_blueprint(bp)
