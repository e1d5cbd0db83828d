"""What a file would write, held against what is stored; looked at and taken by the same code."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.revenue.rules import InvoiceKind, PaymentKind
from app.revenue.rules.imports import (
    COLUMNS,
    SAMPLE,
    ImportKind,
    PaymentRow,
    Report,
    invoice_row,
    payment_row,
)
from app.revenue.rules.reading import Problem, read_table
from app.revenue.rules.reading.report import shown
from app.revenue.services.imports.judge import (
    Asked,
    Invoices,
    NotTaken,
    Paper,
    Payments,
    Rowed,
    refuse_again,
)


@dataclass(slots=True)
class Plan:
    """What would be written, and the report that goes with it."""

    report: Report
    papers: list[Paper] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """A digest of everything that would be written and said."""
        said = [self.report.as_document(), [str(paper) for paper in self.papers]]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plan_of(session: Session, content: bytes, asked: Asked) -> Plan:
    """Return what ``content`` would write; nothing is written here.

    :raises FileRefused: if it cannot be read as a table with the columns wanted
    """
    table = read_table(content, COLUMNS[asked.kind])
    report = Report(encoding=table.encoding, notes=list(table.notes))
    report.rows = len(table.rows) + len(table.problems)
    report.complain(table.problems)
    parse: Callable[..., Any] = payment_row if asked.kind is ImportKind.PAYMENTS else invoice_row
    parsed = [parse(row, asked.manner) for row in table.rows]
    for problems in parsed:
        if isinstance(problems, list):
            report.complain(problems)
    plan = Plan(report)
    good = [row for row in parsed if not isinstance(row, list)]
    for paper in _papers(session, good, asked, report):
        plan.papers.append(paper)
        _count(report, paper.row)
    if not table.is_whole:
        report.notes.append("The file ends in the middle of a quoted cell; it is not complete.")
    report.problems.sort(key=lambda problem: problem.line)
    return plan


def _count(report: Report, row: Rowed) -> None:
    report.good += 1
    sign = -1 if row.kind in (PaymentKind.REFUND, InvoiceKind.CREDIT_NOTE) else 1
    report.totals[row.amount.currency] += sign * row.amount.minor
    if len(report.sample) < SAMPLE:
        about = row.invoice if isinstance(row, PaymentRow) else row.order
        report.sample.append(
            {"line": row.line, "source_id": shown(row.source_id), "about": shown(about),
             "kind": row.kind.value, "minor": row.amount.minor, "currency": row.amount.currency,
             "on": row.on.isoformat()}
        )  # fmt: skip


def _papers(session: Session, rows: Sequence[Any], asked: Asked, report: Report) -> Iterator[Paper]:
    """Yield the rows that can be taken, in the order of the file; report the others."""
    judge = Payments if asked.kind is ImportKind.PAYMENTS else Invoices
    against = judge(session, rows, asked)
    seen: dict[str, int] = {}
    for row in rows:
        try:
            refuse_again(row, seen.setdefault(row.source_id, row.line))
            paper = against.paper(row)
        except NotTaken as no:
            report.complain([Problem.of(row.line, no.name, no.value, no.sentence)])
        else:
            if paper is None:
                report.unchanged += 1
            else:
                yield paper
