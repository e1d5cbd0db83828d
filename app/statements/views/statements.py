"""Statements: the list for the vendor, one statement for both sides, its files."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.db.paging import Page, page_of
from app.incentives.engine import table
from app.kernel.clock import now
from app.kernel.errors import Invalid, NotFound
from app.kernel.format import month
from app.kernel.money import Money
from app.ledger import queries as ledger
from app.statements import pdf, queries, services
from app.statements.forms import CorrectionForm
from app.statements.models import Statement, StatementLine
from app.statements.queries import Filters
from app.statements.views.blueprint import bp
from app.web import charts
from app.web.exports import csv_bytes
from app.web.fields import tidy
from app.web.filters import money
from app.web.forms import Form
from app.web.respond import (
    csv_file,
    download,
    flash,
    form_page,
    page,
    pdf_file,
    see_other,
    xlsx_file,
)

_LONGEST_SEARCH = 120
_MOST_EXPORTED = 20_000
_HEAD = ("Number", "Month", "Partner", "Currency", "Opening", "Earned", "Adjustments",
         "Taken back", "Paid", "Closing", "Held", "Issued", "Payout")  # fmt: skip


@bp.get("/statements")
@requires(Permission.STATEMENT_VIEW)
def index() -> ResponseReturnValue:
    """List the statements of all partners: ``q``, ``currency`` and ``page`` choose."""
    session, actor, filters = current_session(), the_actor(), _filters()
    if not actor.is_vendor:
        raise NotFound
    number = request.args.get("page", 1, type=int)
    found = page_of(session, queries.listing(actor, filters), number)
    chosen = {"q": filters.search or None, "currency": filters.currency or None,
              "period": filters.period_id}  # fmt: skip
    return page("statements/index.html", found=found, filters=filters, selection=chosen,
                pages=_pages(found, chosen))  # fmt: skip


@bp.get("/statements.csv")
@requires(Permission.STATEMENT_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the list as it is shown, as CSV."""
    session, actor = current_session(), the_actor()
    rows = session.execute(queries.listing(actor, _filters()).limit(_MOST_EXPORTED))
    return csv_file(csv_bytes(_HEAD, map(_exported, rows)), "statements.csv")


@bp.get("/statements/<uuid:statement_id>")
@requires(Permission.STATEMENT_VIEW)
def show(statement_id: UUID) -> ResponseReturnValue:
    """Show a statement: sums, what waits, lines with their reasons, receipt, files."""
    return statement_page(statement_id)


@bp.get("/statements/<uuid:statement_id>.<any(pdf, csv, xlsx, json):kind>")
@requires(Permission.STATEMENT_VIEW)
def file(statement_id: UUID, kind: str) -> ResponseReturnValue:
    """Hand out a statement as a file."""
    session = current_session()
    statement = queries.statement(session, statement_id, actor=the_actor())
    lines, name = queries.lines(session, statement), f"{statement.number}.{kind}"
    match kind:
        case "pdf":
            corrects = queries.number_of(session, statement.corrects_id)
            return pdf_file(pdf.statement_pdf(statement, lines, corrects=corrects), name)
        case "csv":
            return csv_file(pdf.statement_csv(statement, lines), name)
        case "xlsx":
            return xlsx_file(pdf.statement_xlsx(statement, lines), name)
    return download(pdf.statement_json(statement, lines), name, "application/json")


@bp.post("/statements/<uuid:statement_id>/correction")
@requires(Permission.RUN_APPROVE, fresh=True)
def correct(statement_id: UUID) -> ResponseReturnValue:
    """Issue a statement that corrects names, addresses and tax numbers of this one."""
    form = CorrectionForm()
    if not form.validate():
        return statement_page(statement_id, form)
    try:
        made = services.correct(
            current_session(),
            statement_id,
            reason=form.reason.data or "",
            actor=the_actor(),
            at=now(),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return statement_page(statement_id, form)
    flash(f"{made.number} corrects the earlier statement.")
    return see_other("statements.show", statement_id=made.id)


def statement_page(statement_id: UUID, refused: Form | None = None) -> Response:
    """Return the page of a statement; with a refused form, where it was refused."""
    session, actor = current_session(), the_actor()
    statement = queries.statement(session, statement_id, actor=actor)
    lines = queries.lines(session, statement)
    root = statement.corrects_id or statement.id
    receipt = statement.receipt_entry_id
    standing, payout = (
        queries.standing(session, [statement.partner_id]),
        queries.payout_of(session, root),
    )
    return form_page(
        "statements/show.html",
        form=refused or CorrectionForm(formdata=None),
        statement=statement,
        facts=statement.snapshot,
        plans=_by_plan(lines),
        unpaid=queries.line_gates(session, statement.partner_id, standing, on=now().date()),
        sums=pdf.sums(statement),
        said=pdf.summary(statement),
        disputes=queries.disputes_of_statement(session, root),
        correction=queries.correction_of(session, statement.id),
        corrects=queries.number_of(session, statement.corrects_id),
        payout=payout,
        waits=queries.payout_gate(session, payout, standing),
        is_sealed=receipt is not None and ledger.receipt(session, receipt) is not None,
        can_dispute=now() < statement.dispute_until and actor.partner_id == statement.partner_id,
        chart=_chart(statement),
    )


def _by_plan(lines: Sequence[StatementLine]) -> dict[str, list[tuple[StatementLine, Any]]]:
    plans: dict[str, list[tuple[StatementLine, Any]]] = {}
    for line in lines:
        plans.setdefault(line.plan_name, []).append((line, table(line.because)))
    return plans


def _chart(statement: Statement) -> dict[str, Any] | None:
    """Return the months of the snapshot as a chart whose title says what they show."""
    months = statement.snapshot["months"]
    if len(months) < 2:
        return None
    rows: list[dict[str, Any]] = [
        {"month": month(date.fromisoformat(each["month"])), "amount": _amount(statement, each)}
        for each in months
    ]
    total = sum(each["net_minor"] for each in months)
    title = f"{len(months)} months brought {_said(statement, total)}"
    shown = [{**row, "month": f"{row['month'][:3]} {row['month'][-2:]}"} for row in rows]
    look = charts.Look(height=180, unit=statement.currency)
    return {
        "title": title,
        "svg": _drawn(shown, title, look),
        "rows": [(row["month"], _said(statement, each["net_minor"]))
                 for row, each in zip(rows, months, strict=True)],
    }  # fmt: skip


def _drawn(rows: list[dict[str, Any]], title: str, look: charts.Look) -> Markup:
    return charts.bars(rows, x="month", y="amount", title=title, look=look)


def _amount(statement: Statement, each: dict[str, Any]) -> Decimal:
    return Money(each["net_minor"], statement.currency).amount


def _said(statement: Statement, minor: int) -> str:
    return money(Money(minor, statement.currency))


def _filters() -> Filters:
    search = tidy(request.args.get("q"))[:_LONGEST_SEARCH]
    currency = tidy(request.args.get("currency"))[:3].upper()
    return Filters(search=search, currency=currency, period_id=_uuid(request.args.get("period")))


def _uuid(said: str | None) -> UUID | None:
    """Return an identifier of the address; nothing where it is none."""
    try:
        return UUID(said or "")
    except ValueError:
        return None


def _pages(found: Page, chosen: dict[str, Any]) -> dict[str, Any]:
    def url(number: int) -> str:
        return url_for("statements.index", page=number, **chosen)

    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": url(found.number - 1) if found.number > 1 else "",
        "next_url": url(found.number + 1) if found.number < found.last else "",
    }


def _exported(row: Any) -> tuple[Any, ...]:
    names = ("opening", "earned", "adjustments", "clawbacks", "paid", "closing", "held")
    sums = [Money(getattr(row, f"{name}_minor"), row.currency) for name in names]
    return (row.number, row.period_start, row.partner_name, row.currency, *sums, row.issued_at,
            row.payout_state)  # fmt: skip
