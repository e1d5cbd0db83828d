"""The commands of the portal: `flask <noun> <verb>`; each module here holds one noun."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def install(app: Flask) -> None:
    """Give `flask` the group called ``commands`` of every module of this package."""
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        app.cli.add_command(module.commands)
