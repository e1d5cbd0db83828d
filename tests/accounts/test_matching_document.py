"""The tables of docs/algorithms/matching.md: what is read, and what is decided."""

import re

import pytest

from app.accounts.matching import Party, compare, normalise
from config import ROOT

TEXT = (ROOT / "docs" / "algorithms" / "matching.md").read_text("utf-8")


def table(header):
    """Return the rows of the table below ``header``, as lists of cells."""
    lines = TEXT.split(f"| {header} |\n", 1)[1].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


NAMES = table("name | words | qualifiers | legal forms")
PAIRS = table("left | right | decision | score | relation | a reason")
FACTS = table("left | left facts | right | right facts | decision | score")


def party(name, facts):
    return Party(name, **dict(re.split(" ", fact, maxsplit=1) for fact in facts.split(", ")))


def test_the_page_has_its_tables():
    assert (len(NAMES), len(PAIRS), len(FACTS)) == (32, 35, 15)


@pytest.mark.parametrize(("name", "words", "qualifiers", "forms"), NAMES)
def test_a_name_is_read_as_its_table_says(name, words, qualifiers, forms):
    found = normalise(name)

    said = " ".join(sorted(found.places | found.qualifiers))
    assert (found.core, said, " ".join(sorted(found.forms))) == (words, qualifiers, forms)


@pytest.mark.parametrize(("left", "right", "decision", "score", "relation", "reason"), PAIRS)
def test_a_pair_is_decided_as_its_table_says(left, right, decision, score, relation, reason):
    found = compare(Party(left), Party(right))

    assert (found.decision, f"{found.score:.2f}", found.relation) == (decision, score, relation)
    assert reason in found.reasons


@pytest.mark.parametrize(("left", "ours", "right", "theirs", "decision", "score"), FACTS)
def test_facts_weigh_as_their_table_says(left, ours, right, theirs, decision, score):
    found = compare(party(left, ours), party(right, theirs))

    assert (found.decision, f"{found.score:.2f}") == (decision, score)
