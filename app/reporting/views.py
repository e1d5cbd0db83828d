"""Ecosystem revenue: the page, the rows behind each number, files, and the glossary of numbers."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires
from app.access.rules import Permission
from app.attribution.rules import CreditClass
from app.kernel.clock import now, today
from app.kernel.format import month as month_text
from app.kernel.money import Money
from app.kernel.period import Days, add_months, month_of
from app.reporting import queries
from app.reporting.queries import Asked, MonthRoute
from app.reporting.rules import Measure, Route, glossary, partner_share, share, shown_metrics
from app.web import charts
from app.web.exports import Sheet, csv_bytes, xlsx_bytes
from app.web.filters import percent
from app.web.respond import address, csv_file, page, xlsx_file

bp = Blueprint("reporting", __name__)
LONGEST_MONTHS = 240
LONGEST_SEARCH = 100


def _month(text: str) -> date | None:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None


def _days(first: date, last: date) -> Days:
    """Return the whole months asked for; without any, the last twelve with bookings."""
    usual_end = month_of(min(today(), last)).until
    start = _month(request.args.get("from", "")) or add_months(usual_end, -12)
    end = _month(request.args.get("until", ""))
    if request.args.get("period") == "all":
        start, until = month_of(first).start, month_of(last).until
    else:
        until = add_months(end, 1) if end else usual_end
    if until <= start or until > add_months(start, LONGEST_MONTHS):
        until = add_months(start, 12)
    return Days(start, until)


def _one_of(kind: Any, name: str, usual: Any) -> Any:
    wanted = request.args.get(name, "")
    return kind(wanted) if wanted in set(kind) else usual


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _asked(known: list[tuple[str, date, date]]) -> Asked:
    by_code = {code: (first, last) for code, first, last in known}
    usual = known[0][0] if known else "EUR"
    currency = request.args.get("currency", usual)
    currency = currency if currency in by_code else usual
    first, last = by_code.get(currency, (today(), today()))
    return Asked(
        measure=_one_of(Measure, "measure", Measure.BOOKED),
        days=_days(first, last),
        currency=currency,
        route=_one_of(Route, "route", None),
        partner_id=_uuid(request.args.get("partner", "")),
        credit_class=_one_of(CreditClass, "class", CreditClass.SOURCED),
    )


def _link(asked: Asked, endpoint: str = "reporting.rows", **over: Any) -> str:
    last = asked.days.until - timedelta(days=1)
    values: dict[str, Any] = {
        "measure": asked.measure.value,
        "currency": asked.currency,
        "from": f"{asked.days.start:%Y-%m}",
        "until": f"{last:%Y-%m}",
        "route": asked.route.value if asked.route else None,
        "partner": asked.partner_id,
        "class": asked.credit_class.value,
    }
    return address(endpoint, **{**values, **over})


def _totals(rows: list[MonthRoute]) -> dict[str, int]:
    totals = {route.value: sum(r.minor for r in rows if r.route is route) for route in Route}
    totals["influenced"] = sum(row.influenced_minor for row in rows)
    totals["total"] = sum(row.minor for row in rows)
    return totals


def _picture(asked: Asked, table: list[tuple[date, list[int]]]) -> Any:
    names = [route.value.capitalize() for route in Route]
    bars = [
        {"Month": f"{month:%b %y}", "Route": name, "Amount": Money(minor, asked.currency).amount}
        for month, line in table
        for name, minor in zip(names, line, strict=True)
    ]
    look = charts.Look(width=860, height=240, unit=asked.currency)
    return charts.stacked_bars(
        bars, x="Month", y="Amount", colour="Route", title=_finding(asked, table), look=look
    )


def _finding(asked: Asked, table: list[tuple[date, list[int]]]) -> str:
    """Return what the chart shows, as a sentence."""
    total = sum(sum(line) for _, line in table)
    sourced, assisted = (sum(line[route] for _, line in table) for route in (0, 1))
    part = partner_share(sourced, assisted, total)
    if part is None:
        return f"Nothing was {asked.measure} in {asked.currency} in this period"
    best = max(table, key=lambda row: sum(row[1]))
    return (
        f"Partners had a part in {percent(part, 0)} of what was {asked.measure}; "
        f"the best month was {month_text(best[0])}"
    )


@bp.get("/revenue", endpoint="revenue")
@requires(Permission.REVENUE_REPORT)
def revenue() -> ResponseReturnValue:
    """Show booked, billed or collected revenue by route, partner and month."""
    from app.reporting import frames  # pandas is loaded by the first reader only

    session = current_session()
    known = queries.currencies(session)
    asked = _asked(known)
    rows = queries.by_month(session, asked)
    table = frames.as_rows(frames.monthly(rows, asked.days))
    return page(
        "reporting/revenue.html",
        asked=asked,
        known=[code for code, _, _ in known],
        totals=_totals(rows),
        ladder=queries.ladder(session, asked),
        table=table,
        picture=_picture(asked, table) if known else "",
        finding=_finding(asked, table) if known else "",
        by_partner=queries.by_partner(session, asked),
        partners=queries.partners(session),
        unattributed=queries.unattributed(session, asked),
        link=_link,
        month_link=lambda month, **over: _link(replace(asked, days=month_of(month)), **over),
        share=share,
        classes=list(CreditClass),
        routes=list(Route),
        measures=list(Measure),
        metrics=shown_metrics(),
    )


@bp.get("/revenue/rows", endpoint="rows")
@requires(Permission.REVENUE_REPORT)
def rows() -> ResponseReturnValue:
    """List the documents behind a number; they add up to it."""
    session = current_session()
    asked = _asked(queries.currencies(session))
    number = request.args.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 1
    found = queries.page_of_rows(session, asked, wanted)
    return page(
        "reporting/rows.html",
        asked=asked,
        page=found,
        total=queries.ladder(session, asked)[asked.measure],
        link=_link,
        previous_url=_link(asked, page=found.number - 1) if found.number > 1 else "",
        next_url=_link(asked, page=found.number + 1) if found.number < found.last else "",
    )


HEAD = ("Document", "Day", "Order", "Account", "Route", "Currency", "Amount")


def _file_rows(asked: Asked) -> list[tuple[Any, ...]]:
    return [
        (
            row.number, row.on_day, row.order_number, row.account or "", row.route,
            row.currency, Money(row.minor, row.currency),
        )
        for row in queries.all_rows(current_session(), asked)
    ]  # fmt: skip


@bp.get("/revenue/rows.csv", endpoint="rows_csv")
@requires(Permission.REVENUE_REPORT)
def rows_csv() -> ResponseReturnValue:
    """Hand out the documents behind a number as CSV."""
    asked = _asked(queries.currencies(current_session()))
    return csv_file(csv_bytes(HEAD, _file_rows(asked)), f"{asked.measure}-{asked.currency}.csv")


@bp.get("/revenue/rows.xlsx", endpoint="rows_xlsx")
@requires(Permission.REVENUE_REPORT)
def rows_xlsx() -> ResponseReturnValue:
    """Hand out the documents behind a number as an Excel workbook."""
    asked = _asked(queries.currencies(current_session()))
    book = xlsx_bytes([Sheet("Revenue", HEAD, _file_rows(asked))], created_at=now())
    return xlsx_file(book, f"{asked.measure}-{asked.currency}.xlsx")


@bp.get("/revenue/definitions", endpoint="definitions")
@requires(Permission.REVENUE_REPORT)
def definitions() -> ResponseReturnValue:
    """Say what each number means, or those in which some words occur."""
    asked = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    return page("reporting/definitions.html", asked=asked, found=glossary(asked))


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
