"""Running commands on files written for the moment."""

import json

import pytest
from click.testing import CliRunner

from app.cli.attribution import commands


@pytest.fixture
def run(tmp_path):
    """Run a command with files of these contents in place of their names."""

    def runner(command, *arguments, **files):
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / name).write_text(text, "utf-8")
        paths = [str(tmp_path / each) if each in files else each for each in arguments]
        return CliRunner().invoke(commands, [command, *paths])

    return runner


@pytest.fixture
def credit(run):
    """Credit the paths of a text."""
    return lambda text, *options: run("credit", "--paths", "paths", *options, paths=text)
