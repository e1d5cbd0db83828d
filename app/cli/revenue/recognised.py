"""What `flask revenue recognise` prints: JSON, CSV or text."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import click

Data = dict[str, Any]
Row = tuple[str, str, str, str, str]
_COLUMNS = ("document", "section", "period", "item", "figure", "amount", "currency")
_PERIODS = (
    "billed", "recognised", "contract_liability", "contract_asset", "receivable",
    "refund_liability", "rpo", "crpo",
)  # fmt: skip


def print_json(found: list[Data] | Data) -> None:
    """Print one document, or a list of them."""
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def print_csv(found: list[Data] | Data) -> None:
    """Print one row per figure: allocation, revenue, balances, postings, costs."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for number, data in enumerate(_all(found), start=1):
        name = data.get("id") or str(number)
        for row in _rows(data):
            writer.writerow((name, *row, data.get("currency", "")))
    click.echo(stream.getvalue(), nl=False)


def _all(found: list[Data] | Data) -> list[Data]:
    return found if isinstance(found, list) else [found]


def _rows(data: Data) -> Iterator[Row]:
    for each in data.get("allocation", {}).get("obligations", []):
        for figure in ("ssp", "exact", "amount", "discount"):
            yield "allocation", "", each["obligation"], figure, each[figure]
    for each in data.get("revenue", []):
        yield "revenue", each["period"], each["obligation"], "amount", each["amount"]
    for each in data.get("periods", []):
        for figure, amount in _flat(each):
            yield "periods", each["period"], "", figure, amount
    yield from _accounts(data)


def _accounts(data: Data) -> Iterator[Row]:
    for each in data.get("postings", []):
        side = "debit" if "debit" in each else "credit"
        yield "postings", each["period"], each["account"], side, each[side]
    for cost in data.get("contract_costs", []):
        for each in cost.get("schedule", []):
            for figure in ("capitalised", "expensed", "amortised", "impaired", "closing"):
                yield "contract_costs", each["period"], cost["id"], figure, each[figure]


def _flat(period: Data) -> Iterator[tuple[str, str]]:
    for figure, amount in period.items():
        if figure == "roll_forward":
            yield from ((f"roll_forward.{name}", each) for name, each in amount.items())
        elif figure not in ("period", "start", "end", "closed"):
            yield figure, amount


def print_text(found: list[Data] | Data) -> None:
    """Print tables that a person reads."""
    for number, data in enumerate(_all(found)):
        if number:
            click.echo()
        _print_one(data)


def _print_one(data: Data) -> None:
    title = " ".join(filter(None, (data.get("id"), data.get("title"))))
    money = data.get("currency") or "no currency"
    click.echo(f"{title or 'Contract'} ({money}, rounded to {data['round_to']})")
    if "transaction_price" in data:
        click.echo(f"Transaction price {data['transaction_price']['total']}")
    allocated = data.get("allocation", {}).get("obligations", [])
    _table(
        ("obligation", "stand-alone", "exact", "allocated"),
        [(a["obligation"], a["ssp"], a["exact"], a["amount"]) for a in allocated],
    )
    _table(
        ("period", "obligation", "revenue", "to date"),
        [
            (r["period"], r["obligation"], r["amount"], r["to_date"])
            for r in data.get("revenue", [])
        ],
    )
    _table(
        ("period", *(name.replace("_", " ") for name in _PERIODS)),
        [
            (p["period"], *((p | p["roll_forward"])[name] for name in _PERIODS))
            for p in data.get("periods", [])
        ],
    )
    _print_rest(data)


def _print_rest(data: Data) -> None:
    remaining = data.get("remaining_performance_obligations")
    if remaining:
        click.echo(f"Remaining on {remaining['as_of']}: {remaining['total']}")
    for cost in data.get("contract_costs", []):
        click.echo(f"Cost {cost['id']}: {cost['capitalised']} capitalised, {cost['why']}")
        columns = ("period", "amortised", "impaired", "closing")
        _table(columns, [tuple(row[c] for c in columns) for row in cost.get("schedule", [])])
    if "repurchase" in data:
        click.echo(f"Repurchase: {data['repurchase']['nature']}, {data['repurchase']['why']}")
    for sentence in data.get("explanation", []):
        click.echo(f"- {sentence}")
    for sentence in data.get("warnings", []):
        click.echo(f"Note: {sentence}")


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    lines = [header, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        words = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  " + "  ".join(words).rstrip())
