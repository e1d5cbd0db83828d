"""The page on the ledger names every event and every command."""

import re

from app.cli.ledger import commands
from app.ledger.names import NAMES
from config import ROOT

PAGE = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")


def test_the_page_lists_every_event_with_its_sentence():
    listed = dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+\.[a-z_]+)` \| (.+) \|$", PAGE, re.MULTILINE))

    assert listed == NAMES


def test_the_page_tells_every_command():
    told = set(re.findall(r"`flask ledger (\w+)", PAGE))

    assert told == set(commands.commands)
