"""The guide to the engines shows what its commands print."""

import re
import shlex

import pytest

from config import ROOT

EXAMPLES = re.findall(
    r"^```console\n\$ flask ([^\n]+)\n(.*?)^```",
    (ROOT / "docs/guides/engines.md").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize(("words", "shown"), EXAMPLES, ids=[words[:40] for words, _ in EXAMPLES])
def test_an_example_prints_what_the_guide_shows(portal, monkeypatch, words, shown):
    monkeypatch.chdir(ROOT)

    said = portal.test_cli_runner().invoke(args=shlex.split(words))

    assert (said.exit_code, said.output) == (0, shown)


def test_the_guide_has_an_example_of_each_engine():
    nouns = {tuple(words.split()[:2]) for words, _ in EXAMPLES}

    assert nouns >= {
        ("accounts", "match"), ("attribution", "credit"), ("incentives", "calculate"),
        ("revenue", "recognise"), ("revenue", "rate"), ("metrics", "compute"),
    }  # fmt: skip
