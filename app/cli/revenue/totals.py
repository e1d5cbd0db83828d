"""`flask revenue recognise --totals`: the roll-forward of all contracts of a file by month."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.files import complaints_about
from app.cli.revenue.many import Block, Manner, Refused, blocks_of, done_by
from app.cli.revenue.recognised_lines import print_roll
from app.kernel.errors import Invalid
from app.revenue.recognition import read_document
from app.revenue.recognition.totals import Totals

BLOCK = 500


def print_totals(file: Path, documents: Sequence[object], manner: Manner) -> None:
    """Print what the documents of a file come to together, month by month.

    :raises BadFile: at the first one that cannot be taken
    """
    totals = Totals()
    blocks = blocks_of(documents, manner, BLOCK)
    for block, found in zip(blocks, done_by(add_up, blocks, file), strict=True):
        with complaints_about(file):
            totals.merge(found, f"{manner.where}[{block.first}]")
    print_roll(_data(totals), manner.form)


def add_up(block: Block) -> Totals | Refused:
    """Return what some documents come to together, or why one of them cannot be taken."""
    totals = Totals()
    for path, each in block.named():
        try:
            totals.add(read_document(each, path=path, as_of=block.manner.as_of), path)
        except Invalid as refusal:
            return Refused.of(refusal, path)
    return totals


def _data(totals: Totals) -> dict[str, Any]:
    grain, months = totals.grain, totals.months()
    moved = any(figures["other"] for _, figures in months)
    return {
        "contracts": totals.contracts,
        "obligations": totals.obligations,
        "currency": grain.currency if grain is not None else None,
        "periods": [
            {"label": label}
            | {
                name: grain.text(value) if grain is not None else str(value)
                for name, value in figures.items()
                if moved or name != "other"
            }
            for label, figures in months
        ],
    }
