"""Help: every noun and every verb says what it is for."""

from collections.abc import Iterator

import click


def leaves(
    group: click.Group, context: click.Context, path: str = ""
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command under a group by its words."""
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None, name
        yield f"{path}{name}", found
        if isinstance(found, click.Group):
            yield from leaves(found, context, f"{path}{name} ")


def test_every_command_is_listed_and_says_what_it_does(portal):
    commands = portal.cli
    with click.Context(commands) as context:
        assert "attribution" in commands.get_help(context)
        silent = [path for path, found in leaves(commands, context) if not found.help]

    assert silent == []
