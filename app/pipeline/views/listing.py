"""The list: filters, sorting, a past day, and files of exactly what is shown."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Actor, Permission
from app.db.paging import Page
from app.kernel import format as text
from app.kernel.clock import now
from app.kernel.money import Money
from app.pipeline import queries
from app.pipeline.rules import ForecastCategory, Stage, days_since, marks
from app.pipeline.views import bp
from app.web.exports import Row, Sheet, csv_bytes, xlsx_bytes
from app.web.respond import address, csv_file, page, xlsx_file

_STAGES = (queries.OPEN, *(stage.value for stage in Stage), queries.CLOSED, queries.ALL)
_LONGEST_SEARCH = 120


@bp.get("/pipeline/list")
@requires(Permission.PIPELINE_VIEW)
def index() -> ResponseReturnValue:
    """List opportunities, as they are or as they were at the end of the day ``on``."""
    session, actor, at = current_session(), the_actor(), now()
    filters, wrong = _filters(actor)
    number = request.args.get("page", 1, type=int)
    found = queries.page_of_opportunities(
        session, actor=actor, filters=filters, at=at, number=number
    )
    return page(
        "pipeline/index.html",
        found=found,
        filters=filters,
        wrong=wrong,
        totals=queries.totals(session, actor=actor, filters=filters, at=at),
        rows=[_shown(row, filters) for row in found.rows],
        owners=queries.owners(session) if actor.is_vendor else [],
        partners=queries.partners(session) if actor.is_vendor else [],
        categories=list(ForecastCategory) if actor.is_vendor else [],
        stage_chips=_chips(filters),
        pages=_pages(found),
        address=_address,
        sort_url=_sort_url,
    )


@bp.get("/pipeline/list.csv")
@requires(Permission.PIPELINE_VIEW)
def export_csv() -> Response:
    """Return the list as CSV."""
    head, rows = _table()
    return csv_file(csv_bytes(head, rows), "pipeline.csv")


@bp.get("/pipeline/list.xlsx")
@requires(Permission.PIPELINE_VIEW)
def export_xlsx() -> Response:
    """Return the list as an Excel workbook."""
    head, rows = _table()
    return xlsx_file(xlsx_bytes([Sheet("Pipeline", head, rows)]), "pipeline.xlsx")


def _table() -> tuple[list[str], list[Row]]:
    actor = the_actor()
    filters, _ = _filters(actor)
    found = queries.export(current_session(), actor=actor, filters=filters, at=now())
    head = ["Number", "Title", "Customer", "Product family", "Stage", "Currency", "Amount"]
    head += ["Expected close", "Owner", "Opened", "In stage since", "Next step"]
    head += ["Partners", "Forecast category", "Pushes"] if actor.is_vendor else []
    return head, [_cells(row, actor) for row in found]


def _cells(row: Any, actor: Actor) -> Row:
    cells = [row.number, row.title, row.customer_name, row.family_name, text.label(row.stage)]
    cells += [row.currency, Money(row.amount_minor, row.currency), row.close_on, row.owner_name]
    cells += [row.opened_at, row.stage_since, row.next_step]
    if actor.is_vendor:
        cells += [row.partner_names, text.label(row.category), row.pushes]
    return cells


def _filters(actor: Actor) -> tuple[queries.Filters, str]:
    """Return what the address asks for, and a sentence where part of it cannot be."""
    asked = request.args
    on, wrong = _past_day(asked.get("on", ""))
    stage, category = asked.get("stage", ""), asked.get("category", "")
    found = queries.Filters(
        stage=stage if stage in _STAGES else queries.OPEN,
        search=asked.get("q", "").replace("\0", "")[:_LONGEST_SEARCH].strip(),
        stalled=asked.get("stalled") == "1" and on is None,
        on=on,
        sort=_sort(asked.get("sort", "")),
    )
    if actor.is_vendor:
        known = category in set(ForecastCategory)
        found = replace(
            found,
            owner_id=_uuid(asked.get("owner", "")),
            partner_id=_uuid(asked.get("partner", "")),
            category=ForecastCategory(category) if known else None,
        )
    return found, wrong


def _past_day(asked: str) -> tuple[date | None, str]:
    if not asked.strip():
        return None, ""
    try:
        day = date.fromisoformat(asked.strip())
    except ValueError:
        return None, "Give a day as year-month-day, such as 2026-01-31. This is the list of today."
    if not date(1990, 1, 1) <= day <= now().date():
        return None, "Choose a day that has passed. This is the list of today."
    return day, ""


def _uuid(asked: str) -> UUID | None:
    try:
        return UUID(asked)
    except ValueError:
        return None


def _sort(asked: str) -> str:
    return asked if asked.removeprefix("-") in queries.SORTS else "close"


def _shown(row: Any, filters: queries.Filters) -> dict[str, Any]:
    is_past = filters.on is not None
    found = [] if is_past else marks(row.stage, row.active_at, row.close_on, now())
    return {"row": row, "marks": found, "age": days_since(row.stage_since, now())}


def _address(**changes: Any) -> str:
    """Return the address of this list with some of its filters changed."""
    known = ("stage", "owner", "partner", "category", "q", "stalled", "on", "sort")
    asked = {name: request.args.get(name) or None for name in known}
    endpoint = changes.pop("endpoint", "pipeline.index")
    return address(endpoint, **{**asked, **changes})


def _sort_url(key: str, current: str) -> str:
    return _address(sort=f"-{key}" if current == key else key)


def _chips(filters: queries.Filters) -> list[tuple[str, str, bool]]:
    return [(text.label(one), _address(stage=one), filters.stage == one) for one in _STAGES]


def _pages(found: Page) -> dict[str, Any]:
    before, after = found.number - 1, found.number + 1
    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": _address(page=before) if before else "",
        "next_url": _address(page=after) if after <= found.last else "",
    }
