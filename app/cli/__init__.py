"""The commands of the portal: ``flask <noun> <verb>``; each module here holds one noun."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules

import click
from flask import Flask
from flask.cli import AppGroup
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import ProgrammingError

_NOT_NOUNS = {"place", "files", "json_stream", "strict_json"}
_SAID_AS = {"imports": "import"}  # a word of Python cannot name a module


class Commands(AppGroup):
    """The modules of this package, each imported only when its noun is said."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        """Return every noun."""
        here = {found.name for found in iter_modules(__path__)} - _NOT_NOUNS
        return sorted({_SAID_AS.get(name, name) for name in here} | {*self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return what the module called ``cmd_name`` offers under the name ``commands``."""
        if cmd_name in self.commands or cmd_name not in self.list_commands(ctx):
            return super().get_command(ctx, cmd_name)
        modules = {said: module for module, said in _SAID_AS.items()}
        found = import_module(f"{__name__}.{modules.get(cmd_name, cmd_name)}")
        ctx.with_resource(_saying_what_comes_first())
        offered: click.Command = found.commands
        return offered


@contextmanager
def _saying_what_comes_first() -> Iterator[None]:
    """Answer with a sentence where a command needs tables that are not there."""
    try:
        yield
    except ProgrammingError as problem:
        if not isinstance(problem.orig, UndefinedTable | UndefinedColumn):
            raise
        sentence = "The database is not as this version needs it: run “flask migrate” first."
        raise click.ClickException(sentence) from None


def install(app: Flask) -> None:
    """Give ``flask`` the commands of this package."""
    app.cli = Commands(app.name)
