"""What `flask metrics` prints: text, JSON, CSV or Markdown."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import click

from app.reporting.metrics import AREAS, Answer, Metric, Part, shown, with_unit

_SHOWN = 8
_FACTS = ("name", "title", "area", "unit", "basis", "owner", "version", "words", "formula", "grain")


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer is printed."""

    form: str = "text"
    explain: bool = False
    exact: bool = False
    currency: str = ""


def print_list(found: Sequence[Metric], form: str) -> None:
    """Print one line for each metric."""
    if form == "json":
        _json([_facts(metric) for metric in found])
    elif form == "csv":
        _csv(_FACTS, [[_facts(metric)[name] for name in _FACTS] for metric in found])
    elif form == "markdown":
        for row in markdown(found):
            click.echo(row)
    else:
        width = max(len(metric.name) for metric in found)
        for metric in found:
            area = f"{AREAS[metric.name]:<10}"
            click.echo(f"{metric.name:<{width}}  {area}  {metric.unit:<13}  {metric.title}")


def markdown(found: Iterable[Metric]) -> list[str]:
    """Return the rows of the table in docs/algorithms/metrics.md."""
    rows = ["| metric | area | unit | what it is | formula |", "|---|---|---|---|---|"]
    for metric in found:
        formula = metric.formula.replace("|", "\\|")
        cells = (f"`{metric.name}`", AREAS[metric.name], metric.unit, metric.words, formula)
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def print_metric(metric: Metric, form: str) -> None:
    """Print everything there is to know about one metric."""
    if form == "json":
        _json(_facts(metric) | {"keys": [_keys(each.keys) for each in metric.forms]})
        return
    click.echo(f"{metric.name}: {metric.title}")
    click.echo(metric.words)
    facts = {
        "Formula": metric.formula,
        "Unit": metric.unit.value,
        "Grain": metric.grain,
        "Kind": f"{AREAS[metric.name]}, {metric.basis}",
        "Owner": metric.owner,
        "Version": str(metric.version),
        "Also called": ", ".join(metric.aliases),
    }
    for name, text in facts.items():
        click.echo(f"{name + ':':<13}{text}" if text else "", nl=bool(text))
    for pitfall in metric.pitfalls:
        click.echo(f"{'Beware:':<13}{pitfall}")
    for place, form_ in enumerate(metric.forms):
        click.echo("Keys:" if place == 0 else "or:")
        for key in form_.keys:
            optional = "" if key.is_required else " (may be left out)"
            click.echo(f"  {key.name:<20} {key.words} {key.kind_words}{optional}")
            if key.aliases:
                click.echo(f"  {'':<20} Also: {_some(key.aliases)}")
    click.echo(f"Example:     flask metrics compute {metric.name} {metric.example}")
    click.echo(f"             {metric.gives}")


def _some(names: Sequence[str]) -> str:
    """Return the first of a key's other names; as JSON there are all."""
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _keys(keys: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": key.name,
            "words": key.words,
            "kind": key.kind_words,
            "required": key.is_required,
            "also_called": list(key.aliases),
        }
        for key in keys
    ]


def _facts(metric: Metric) -> dict[str, Any]:
    facts = {name: getattr(metric, name) for name in _FACTS if name != "area"}
    return {
        **{name: AREAS[metric.name] if name == "area" else facts[name] for name in _FACTS},
        "pitfalls": list(metric.pitfalls),
        "aliases": list(metric.aliases),
        "example": f"flask metrics compute {metric.name} {metric.example}",
        "gives": metric.gives,
    }


def print_answer(metric: Metric, answer: Answer, look: Look) -> None:
    """Print the value, then its unit; the working below it where it belongs to the answer."""
    {"text": _text, "json": _answer_json, "csv": _answer_csv}[look.form](metric, answer, look)


def _text(metric: Metric, answer: Answer, look: Look) -> None:
    unit = answer.unit or metric.unit
    click.echo(with_unit(answer.value, unit, look.currency, exact=look.exact))
    if answer.note:
        click.echo(answer.note)
    if look.explain:
        click.echo(f"{metric.name} = {metric.formula}")
    if answer.parts and (look.explain or answer.is_table):
        _table(answer, look)


def _table(answer: Answer, look: Look) -> None:
    rows = [(part.name, *_cells(part, look)) for part in answer.parts]
    if len(answer.columns) > 1:
        rows.insert(0, ("", *answer.columns))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        padded = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        click.echo("  ".join((f"{name:<{widths[0]}}", *padded)).rstrip())


def _cells(part: Part, look: Look) -> list[str]:
    if len(part.values) > 1 or part.unit is None:
        return [shown(value, part.unit, exact=look.exact) for value in part.values]
    return [with_unit(part.values[0], part.unit, look.currency, exact=look.exact)]


def _answer_json(metric: Metric, answer: Answer, look: Look) -> None:
    unit = answer.unit or metric.unit
    parts = [
        {
            "name": part.name,
            **{
                column: shown(value, part.unit, exact=look.exact)
                for column, value in zip(answer.columns, part.values, strict=True)
            },
            "unit": part.unit.label(look.currency) if part.unit else "",
        }
        for part in answer.parts
    ]
    exact = None if answer.value is None else str(Fraction(answer.value) * unit.scale)
    _json(
        {
            "metric": metric.name,
            "version": metric.version,
            "value": shown(answer.value, unit, exact=look.exact),
            "unit": unit.label(look.currency),
            "exact": exact,
            "note": answer.note,
            "parts": parts,
        }
    )


def _answer_csv(metric: Metric, answer: Answer, look: Look) -> None:
    unit = answer.unit or metric.unit
    blanks = [""] * (len(answer.columns) - 1)
    value = shown(answer.value, unit, exact=look.exact)
    rows = [[metric.name, value, *blanks, unit.label(look.currency)]]
    for part in answer.parts:
        cells = [shown(each, part.unit, exact=look.exact) for each in part.values]
        rows.append([part.name, *cells, part.unit.label(look.currency) if part.unit else ""])
    _csv(("name", *answer.columns, "unit"), rows)


def _json(document: object) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
