"""The documents say what is there: every table, setting, event, route and dependency."""

import re

import pytest

from app import load_models
from app.db.base import Base
from app.ledger.names import NAMES
from config import ROOT, Settings
from tools import access

load_models()
DOCS = ROOT / "docs"
CLASSES = sorted(mapper.class_.__name__ for mapper in Base.registry.mappers)


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", CLASSES)
def test_the_glossary_explains_every_stored_thing(name):
    assert f"`{name}`" in read("glossary.md")


def test_the_glossary_explains_nothing_that_is_gone():
    named = set(re.findall(r"^\| [^|]+ \| `(\w+)`", read("glossary.md"), re.MULTILINE))

    assert named - set(CLASSES) == set()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_explained(name):
    assert f"TANDEM_{name.upper()}" in read("configuration.md")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_event_is_listed(name):
    assert f"`{name}`" in read("ledger.md")


def test_the_access_table_is_what_the_routes_say(portal):
    assert read("access.md") == access.text(portal)


@pytest.mark.parametrize(
    "name", ["requirements.in", "requirements-dev.in", "requirements-bench.in"]
)
def test_every_dependency_has_its_reason(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    wanted = [
        re.split(r"[\[<>=;]", line)[0].strip() for line in lines if line and line[0].isalpha()
    ]

    reasons = re.findall(r"^\| ([\w.-]+) \| \S", read("dependencies.md"), re.MULTILINE)

    assert sorted(set(wanted) - set(reasons)) == []


def test_links_between_documents_lead_somewhere():
    lost = []
    for page in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            lost += [f"{page.name}: {target}"] * (not (page.parent / target).exists())

    assert lost == []


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(page.name[:4]) for page in (DOCS / "adr").glob("[0-9]*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
