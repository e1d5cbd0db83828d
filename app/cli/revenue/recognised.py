"""What `flask revenue recognise` prints of documents: JSON, CSV or text.

Each form writes documents one by one between a beginning and an end, so that many need not be held.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

Data = dict[str, Any]
Row = tuple[str, str, str, str, str]
_COLUMNS = ("document", "section", "period", "item", "figure", "amount", "currency")
_PERIODS = (
    "billed", "recognised", "contract_liability", "contract_asset", "receivable",
    "refund_liability", "rpo", "crpo",
)  # fmt: skip
_STEP = "  "


@dataclass(frozen=True, slots=True)
class Form:
    """How a list of documents is written; ``alone`` is for a file of one."""

    one: Callable[[Data, int], str]
    alone: Callable[[Data], str]
    begin: str = ""
    between: str = ""
    end: str = ""


def json_of(value: object, margin: str = "") -> str:
    """Return a value as JSON with two blanks for each level, below a left margin.

    The same as ``json.dumps`` with ``indent=2``, in a third of its time.
    """
    if isinstance(value, dict) and value:
        inner = margin + _STEP
        parts = [f"{inner}{_text(key)}: {json_of(each, inner)}" for key, each in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        inner = margin + _STEP
        return "[\n" + ",\n".join(inner + json_of(each, inner) for each in value) + f"\n{margin}]"
    return _text(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_text = json.encoder.encode_basestring


HALVES = "A text holds half of a pair of code units, which is no character."


def is_text(written: str) -> bool:
    """Return whether a text can be written in UTF-8: JSON may escape what is no character."""
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return True


def _json_one(data: Data, number: int) -> str:
    del number
    return _STEP + json_of(data, _STEP)


def _json_alone(data: Data) -> str:
    return json_of(data) + "\n"


def _csv(rows: Iterator[tuple[str, ...]]) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _csv_one(data: Data, number: int) -> str:
    """Return one row per figure: allocation, revenue, balances, postings, costs."""
    name, currency = data.get("id") or str(number), data.get("currency", "")
    return _csv((name, *row, currency) for row in _rows(data))


def _csv_alone(data: Data) -> str:
    return _HEADER + _csv_one(data, 1)


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
            for figure in (
                "capitalised",
                "expensed",
                "amortised",
                "impaired",
                "reversed",
                "closing",
            ):
                if figure in each:
                    yield "contract_costs", each["period"], cost["id"], figure, each[figure]


def _flat(period: Data) -> Iterator[tuple[str, str]]:
    for figure, amount in period.items():
        if figure == "roll_forward":
            yield from ((f"roll_forward.{name}", each) for name, each in amount.items())
        elif figure not in ("period", "start", "end", "closed"):
            yield figure, amount


def _text_one(data: Data, number: int) -> str:
    return ("\n" if number > 1 else "") + _text_alone(data)


def _text_alone(data: Data) -> str:
    """Return tables that a person reads."""
    return "".join(f"{line}\n" for line in (*_tables(data), *_rest(data)))


def _tables(data: Data) -> Iterator[str]:
    title = " ".join(filter(None, (data.get("id"), data.get("title"))))
    money = data.get("currency") or "no currency"
    yield f"{title or 'Contract'} ({money}, rounded to {data['round_to']})"
    if "transaction_price" in data:
        yield f"Transaction price {data['transaction_price']['total']}"
    allocated = data.get("allocation", {}).get("obligations", [])
    yield from _table(
        ("obligation", "stand-alone", "exact", "allocated"),
        [(a["obligation"], a["ssp"], a["exact"], a["amount"]) for a in allocated],
    )
    yield from _table(
        ("period", "obligation", "revenue", "to date"),
        [
            (r["period"], r["obligation"], r["amount"], r["to_date"])
            for r in data.get("revenue", [])
        ],
    )
    yield from _table(
        ("period", *(name.replace("_", " ") for name in _PERIODS)),
        [
            (p["period"], *((p | p["roll_forward"])[name] for name in _PERIODS))
            for p in data.get("periods", [])
        ],
    )


def _rest(data: Data) -> Iterator[str]:
    remaining = data.get("remaining_performance_obligations")
    if remaining:
        yield f"Remaining on {remaining['as_of']}: {remaining['total']}"
    for cost in data.get("contract_costs", []):
        yield f"Cost {cost['id']}: {cost['capitalised']} capitalised, {cost['why']}"
        rows = cost.get("schedule", [])
        back = ("reversed",) if any("reversed" in row for row in rows) else ()
        columns = ("period", "amortised", "impaired", *back, "closing")
        yield from _table(columns, [tuple(row.get(c, "0") for c in columns) for row in rows])
    if "repurchase" in data:
        yield f"Repurchase: {data['repurchase']['nature']}, {data['repurchase']['why']}"
    for sentence in data.get("explanation", []):
        yield f"- {sentence}"
    for sentence in data.get("warnings", []):
        yield f"Note: {sentence}"


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    if not rows:
        return
    lines = [header, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        words = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  " + "  ".join(words).rstrip()


_HEADER = ",".join(_COLUMNS) + "\n"
FORMS = {
    "json": Form(_json_one, _json_alone, "[\n", ",\n", "\n]\n"),
    "csv": Form(_csv_one, _csv_alone, _HEADER),
    "text": Form(_text_one, _text_alone),
}
