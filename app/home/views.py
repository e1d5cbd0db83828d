"""The pages that belong to no one feature."""

from flask import Flask

from app.home import verify


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(verify.bp)
