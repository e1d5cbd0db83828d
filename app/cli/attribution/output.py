"""What `flask attribution` prints: tables as CSV or JSON, numbers at full precision."""

import csv
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from io import StringIO
from typing import Any

import click

from app.attribution.engine.paths import Attribution, Brought, Method

_MOST_PLACES = 12
NOBODY = "(none)"


class Plain(str):
    """A number as it is to be written, digit for digit."""

    __slots__ = ()


def plain(value: Fraction | float | int) -> Plain:
    """Return a number at full precision.

    An exact decimal of up to twelve places is written in full, anything else as the shortest text
    that reads back as the nearest 64-bit float.
    """
    if isinstance(value, int):
        return Plain(value)
    nearest = float(value) + 0.0  # no minus before zero
    text = repr(nearest)
    if isinstance(value, float) or Fraction(text) == value:
        return Plain(text)
    exact = _decimal(value)
    return Plain(text if exact is None else exact)


def _decimal(value: Fraction) -> str | None:
    """Return an exact decimal in full, None where it does not end within twelve places."""
    units = value * 10**_MOST_PLACES
    if units.denominator != 1:
        return None
    whole, part = divmod(abs(units.numerator), 10**_MOST_PLACES)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{part:0{_MOST_PLACES}d}".rstrip("0").removesuffix(".")


def print_json(document: object) -> None:
    """Print a document; numbers told as ``Plain`` stand in it digit for digit."""
    click.echo(_written(document, ""))


def _written(value: object, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, Plain):
        return str(value)
    if isinstance(value, Mapping):
        items = [f"{inner}{json.dumps(str(k), ensure_ascii=False)}: {_written(v, inner)}"
                 for k, v in value.items()]  # fmt: skip
        return "{\n" + ",\n".join(items) + f"\n{indent}}}" if items else "{}"
    if isinstance(value, list | tuple):
        items = [inner + _written(each, inner) for each in value]
        return "[\n" + ",\n".join(items) + f"\n{indent}]" if items else "[]"
    return json.dumps(value, ensure_ascii=False)


def print_csv(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> None:
    """Print rows as CSV; what is None is left empty."""
    stream = StringIO()
    writer = csv.DictWriter(stream, list(columns), lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    click.echo(stream.getvalue(), nl=False)


def print_channels(found: Attribution, method: Method, form: str, *, explain: bool) -> None:
    """Print what each channel brought; paths of which no touch counts are a row of their own."""
    rows = [_row(each, found, explain=explain) for each in found.rows]
    if found.nobody.conversions or found.nobody.value:
        name = _free_name({each.channel for each in found.rows})
        rows.append(_row(found.nobody, found, explain=explain) | {"channel": name})
    if found.samples is not None:
        click.echo(f"Sampled from {found.samples} orders of the channels, seed {method.seed}: the "
                   "columns ending in _error are standard errors.", err=True)  # fmt: skip
    if form == "json":
        print_json(rows)
    else:
        print_csv(rows, [name for name in rows[0] if name != "facts"])


def _free_name(channels: Collection[str]) -> str:
    """Return (none), in more brackets where a channel is called so."""
    name = NOBODY
    while name in channels:
        name = f"({name})"
    return name


def _row(each: Brought, found: Attribution, *, explain: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "channel": each.channel,
        "conversions": plain(each.conversions),
        "value": plain(each.value),
    }
    if each.errors is not None:
        row |= {
            "conversions_error": plain(each.errors[0]),
            "value_error": plain(each.errors[1]),
        }
    if explain:
        share = None if each.share is None else plain(each.share)
        row |= {"share": share, "because": each.because}
        row["facts"] = {name: plain(value) for name, value in {**each.facts, **found.facts}.items()}
    return row
