"""`flask revenue`: recognise contracts and rate usage from files, without a database."""

from importlib import import_module
from pkgutil import iter_modules

import click

_VERBS = ("recognise", "rate")


class Verbs(click.Group):
    """The modules of this package, each imported only when its verb is said."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        """Return every verb in the order of work."""
        here = {found.name for found in iter_modules(__path__)}
        return [verb for verb in _VERBS if verb in here]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return what the module called ``cmd_name`` offers under the name ``command``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        offered: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return offered


@click.group("revenue", cls=Verbs)
def commands() -> None:
    """Recognise revenue and rate usage."""
