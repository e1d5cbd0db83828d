"""The interface keeps its promises: size, pins, no inline code, contrast, icons that exist."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", (ROOT / "static/css/tokens.css").read_text()
    )
}
TEXT = [
    *((ink, on) for ink in ("ink", "quiet") for on in ("ground", "surface", "raised", "sunken")),
    *((tone, f"{tone}-wash") for tone in ("good", "warn", "bad")),
    *(("ink", f"{tone}-wash") for tone in ("accent", "good", "warn", "bad", "plain")),
    *(("accent-text", on) for on in ("ground", "surface", "hover", "accent-wash")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
]
EDGES = [("edge", "surface"), ("edge", "ground"), ("accent", "surface"), ("accent", "ground")]


def luminance(colour: str) -> float:
    """Return the relative luminance, by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, by WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_style_sheets_stay_below_fifteen_kilobytes_compressed() -> None:
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in SHEETS) <= 15_000


def test_third_party_files_are_the_ones_that_were_pinned() -> None:
    folder = ROOT / "static/vendor"

    for line in (folder / "CHECKSUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_carries_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text()

    is_mail = template.name == "mail.html" or "layouts/mail.html" in text
    assert is_mail or not re.search(r"\sstyle=|<style", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=\"", text)


def test_every_icon_that_a_template_names_is_there() -> None:
    named = {
        name
        for template in TEMPLATES
        for name in re.findall(r"(?<!\w)icon\(\"([\w-]+)\"", template.read_text())
    }

    assert {n for n in named if not (ROOT / f"templates/icons/{n}.svg").exists()} == set()


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), [
    *((*pair, 4.5) for pair in TEXT),
    *((*pair, 3.0) for pair in EDGES),
])  # fmt: skip
def test_colours_keep_their_contrast(ink: str, ground: str, least: float, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= least
