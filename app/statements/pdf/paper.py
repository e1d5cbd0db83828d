"""A statement on paper: a page that a managing director understands, then every line's reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, render_template

from app.incentives.engine import table
from app.kernel.format import day, month
from app.kernel.format import money as in_words
from app.kernel.money import Money
from app.statements.models import Statement, StatementLine
from app.statements.pdf.tables import statement_csv, statement_json, sums
from app.web.pdf import Attachment, qr_code, render_pdf

MOST_LINES = 300
"""Lines beyond this stand in the attached CSV only."""
MOST_WORKINGS = 40
"""A statement of more lines gives each reason as a sentence, without the table of its working."""
MOST_STOPS = 5
"""How many sums that wait fit on the first page."""
_LOCALE = "en_GB"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line with its reason and, on a short statement, its working."""

    line: StatementLine
    amount: Money
    working: Sequence[tuple[str, str, str, str]]
    waits: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart: its place, its height and where it begins, in hundredths."""

    label: str
    x: int
    y: float
    height: float


def statement_pdf(statement: Statement, lines: Sequence[StatementLine], *, corrects: str) -> bytes:
    """Return the PDF/A-3a of a statement; one snapshot gives the same bytes whoever asks.

    :raises PrinterBusy: if many documents are being printed
    """
    csv, data = statement_csv(statement, lines), statement_json(statement, lines)
    name = statement.number
    attached = (
        Attachment(f"{name}.csv", "text/csv", csv, "The lines of the statement"),
        Attachment(f"{name}.json", "application/json", data, "The whole statement", "Source"),
    )
    html = statement_html(statement, lines, corrects=corrects)
    title = f"Commission statement {name}"
    return render_pdf(html, title=title, created_at=statement.issued_at, attachments=attached)


def statement_html(statement: Statement, lines: Sequence[StatementLine], *, corrects: str) -> str:
    """Return what is printed; the reader's language and zone leave it alone."""
    own = {each["line"]: each["words"] for each in statement.snapshot.get("held", ())}
    shown = [
        _paper_line(line, statement, len(lines), own.get(str(line.accrual_id), ""))
        for line in lines[:MOST_LINES]
    ]
    url = f"{current_app.config['SETTINGS'].address}/verify/{statement.receipt_entry_id}"
    return render_template(
        "statements/print.html",
        locale=_LOCALE,
        statement=statement,
        facts=statement.snapshot,
        month_name=month(statement.period_start, _LOCALE),
        last_day=statement.period_until - timedelta(days=1),
        sums=sums(statement),
        said=summary(statement),
        stops=statement.snapshot["stops"][:MOST_STOPS],
        more_stops=max(0, len(statement.snapshot["stops"]) - MOST_STOPS),
        plans=_by_plan(shown),
        left_out=max(0, len(lines) - MOST_LINES),
        count=len(lines),
        bars=_bars(statement.snapshot["months"]),
        corrects=corrects,
        verify_url=url,
        code=qr_code(url),
        m=lambda minor: in_words(Money(minor, statement.currency), _LOCALE),
        d=lambda on: day(date.fromisoformat(on) if isinstance(on, str) else on, _LOCALE),
    )


def summary(statement: Statement) -> str:
    """Return in two sentences what was earned, what is paid and what is left."""

    def said(minor: int) -> str:
        return in_words(Money(minor, statement.currency), _LOCALE)

    net = statement.earned_minor + statement.adjustments_minor - statement.clawbacks_minor
    when = month(statement.period_start, _LOCALE)
    text = f"{when} brought {said(net)}, and {said(statement.paid_minor)} is paid with it."
    waits = f", of which {said(statement.held_minor)} waits" if statement.held_minor else ""
    return f"{text} {said(statement.closing_minor)} is carried on{waits}."


def _paper_line(line: StatementLine, statement: Statement, count: int, waits: str) -> PaperLine:
    working = table(line.because) if count <= MOST_WORKINGS else []
    return PaperLine(line, Money(line.amount_minor, statement.currency), working, waits)


def _by_plan(lines: Sequence[PaperLine]) -> dict[str, list[PaperLine]]:
    plans: dict[str, list[PaperLine]] = {}
    for each in lines:
        plans.setdefault(each.line.plan_name, []).append(each)
    return plans


def _bars(months: Sequence[dict[str, Any]]) -> list[Bar]:
    """Return the bars of what each month brought, above a base line that leaves room below."""
    most = max((abs(each["net_minor"]) for each in months), default=0) or 1
    low = min((each["net_minor"] for each in months), default=0)
    base = 80 if low >= 0 else 60
    made = []
    for place, each in enumerate(months[-12:]):
        height = abs(each["net_minor"]) * (base - 10) / most
        height = min(height, 95 - base) if each["net_minor"] < 0 else height
        top = base if each["net_minor"] < 0 else base - height
        name = month(date.fromisoformat(each["month"]), _LOCALE)[:3]
        made.append(Bar(name, 1 + place * 25, round(top, 1), round(height, 1)))
    return made
