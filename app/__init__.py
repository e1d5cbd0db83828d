"""Tandem, the partner portal: the application factory, the only place that knows every feature."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from app.kernel.starting import collecting_later

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings

FEATURES = (
    "identity", "catalogue", "partners", "enablement", "accounts", "deals", "pipeline",
    "revenue", "attribution", "incentives", "statements", "reporting", "home",
)  # fmt: skip
GROUND = ("ledger", "jobs", "mail", "files")


def load_models() -> None:
    """Import every module that declares tables, so that the metadata is whole."""
    for package in ("db", "access", *GROUND, *FEATURES):
        _import_if_there(f"app.{package}.models")


def load_jobs() -> None:
    """Import every module that registers jobs."""
    for package in (*GROUND, *FEATURES):
        _import_if_there(f"app.{package}.jobs")


def _open_doors(settings: "Settings") -> None:
    """Set the way to the database, the keys and the mail server that ``settings`` name."""
    from app.db import engine
    from app.db.address import addresses
    from app.kernel import sealing
    from app.ledger.services import signer_of, use_signer
    from app.mail import door

    url, app_url, folder = settings.database_url, settings.database_app_url, settings.var
    engine.connect_when_needed(lambda: addresses(url, app_url, folder / "postgres").app_url)
    sealing.use(settings.data_key_bytes)
    use_signer(signer_of(settings.ledger_key))
    sender, address = settings.mail_from, settings.address
    door.use(door.connect(sender=sender, base_url=address, smtp_url=settings.smtp_url))


@collecting_later()
def create_app(given: "Settings | None" = None) -> "Flask":
    """Return the portal as a WSGI application, connected to the database that the settings name."""
    # Imported here so that an engine such as app.incentives.engine loads without a web framework.
    from flask import Flask
    from flask_wtf.csrf import CSRFProtect

    from app import cli
    from app.web import charts, errors, pages, security
    from config import ROOT
    from config import settings as read_settings

    settings = given or read_settings()
    app = Flask("tandem", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.config.update(SECRET_KEY=settings.secret_key, SETTINGS=settings)
    app.config["SECRET_KEY_FALLBACKS"] = list(settings.secret_key_fallbacks)
    _open_doors(settings)
    load_models()
    load_jobs()
    security.install(app, settings)  # before forms are read, which it limits
    CSRFProtect(app)
    errors.install(app)
    pages.install(app, settings)
    for feature in FEATURES:
        if views := _import_if_there(f"app.{feature}.views"):
            views.install(app)
    cli.install(app)
    charts.keep_in(settings.var / "charts")
    return app


def _import_if_there(name: str) -> Any:
    return import_module(name) if find_spec(name) is not None else None
