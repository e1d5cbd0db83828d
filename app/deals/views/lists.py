"""The list of registrations, on the page and as a file."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Actor, Permission
from app.db.paging import Page
from app.deals import queries
from app.deals.queries import Filters
from app.deals.rules import DealState
from app.deals.views.blueprint import bp
from app.kernel.currencies import DECIMALS
from app.kernel.format import label
from app.kernel.money import Money
from app.web.exports import Sheet, csv_bytes, xlsx_bytes
from app.web.fields import tidy
from app.web.respond import csv_file, page, xlsx_file

_LONGEST_SEARCH = 120
_HEAD = (
    "Number", "Title", "Customer", "Country", "Partner", "Family", "State", "Amount", "Currency",
    "Expected close", "Submitted", "Answer due", "Protected until",
)  # fmt: skip


@bp.get("/deals")
@requires(Permission.DEAL_VIEW)
def index() -> ResponseReturnValue:
    """List registrations: ``state``, ``q``, ``sort`` and ``page`` choose what is shown."""
    session, actor, filters = current_session(), the_actor(), _filters()
    number = request.args.get("page", 1, type=int)
    found = queries.page_of_registrations(session, actor=actor, filters=filters, number=number)
    counts = queries.counts_by_state(session, actor=actor)
    return page(
        "deals/index.html",
        found=found,
        filters=filters,
        chips=_chips(filters, counts, actor),
        sorted_by=_sorted_by(filters),
        pages=_pages(found, filters),
        exports={
            "csv": url_for("deals.export_csv", **_arguments(filters)),
            "xlsx": url_for("deals.export_xlsx", **_arguments(filters)),
        },
        has_any=bool(counts),
    )


@bp.get("/deals/export.csv")
@requires(Permission.DEAL_VIEW)
def export_csv() -> ResponseReturnValue:
    """Hand out exactly the rows of the list as CSV."""
    return csv_file(csv_bytes(_HEAD, _exported(), bom=True), "registrations.csv")


@bp.get("/deals/export.xlsx")
@requires(Permission.DEAL_VIEW)
def export_xlsx() -> ResponseReturnValue:
    """Hand out exactly the rows of the list as an Excel workbook."""
    return xlsx_file(xlsx_bytes([Sheet("Registrations", _HEAD, _exported())]), "registrations.xlsx")


def _exported() -> list[Sequence[object]]:
    rows = queries.export(current_session(), actor=the_actor(), filters=_filters())
    return [_cells(row) for row in rows]


def _cells(row: Row[*tuple[Any, ...]]) -> Sequence[object]:
    known = row.currency in DECIMALS
    amount = Money(row.amount_minor, row.currency) if known else row.amount_minor
    return (
        row.number or "", row.title, row.customer_name, row.customer_country, row.partner_name,
        row.family_name or "", label(row.state), amount, row.currency, row.expected_close_on,
        row.submitted_at, row.answer_due_at, row.protected_until,
    )  # fmt: skip


def _filters() -> Filters:
    wanted = request.args.get("state", "")
    state = DealState(wanted) if wanted in set(DealState) else None
    search = tidy(request.args.get("q", ""))[:_LONGEST_SEARCH]
    return Filters(state, search, request.args.get("sort", "-created")[:20])


def _arguments(filters: Filters) -> dict[str, Any]:
    return {
        "state": filters.state.value if filters.state else None,
        "q": filters.search or None,
        "sort": filters.sort if filters.sort != "-created" else None,
    }


def _chips(filters: Filters, counts: dict[DealState, int], actor: Actor) -> list[dict[str, object]]:
    def chip(state: DealState | None, name: str, count: int) -> dict[str, object]:
        asked = {**_arguments(filters), "state": state.value if state else None}
        url = url_for("deals.index", **asked)
        return {"label": name, "url": url, "current": filters.state is state, "count": count}

    states = [state for state in DealState if counts.get(state) or filters.state is state]
    shown = [state for state in states if not (actor.is_vendor and state is DealState.DRAFT)]
    first = chip(None, "All", sum(counts.values()))
    return [first, *(chip(state, label(state), counts.get(state, 0)) for state in shown)]


def _sorted_by(filters: Filters) -> dict[str, str]:
    """Return, for each column, the address that sorts by it, downwards where it does so upwards."""
    return {
        key: url_for(
            "deals.index",
            **{**_arguments(filters), "sort": f"-{key}" if filters.sort == key else key},
        )
        for key in ("number", "customer", "partner", "state", "amount", "close", "submitted")
    }


def _pages(found: Page, filters: Filters) -> dict[str, Any]:
    def url(number: int) -> str:
        return url_for("deals.index", **_arguments(filters), page=number)

    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": url(found.number - 1) if found.number > 1 else "",
        "next_url": url(found.number + 1) if found.number < found.last else "",
    }
