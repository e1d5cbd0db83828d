"""The list of partners, on the page and as a file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.db.paging import Page
from app.kernel.format import label
from app.partners import queries
from app.partners.queries import Filters
from app.partners.rules import PartnerState
from app.partners.views.blueprint import bp
from app.partners.views.shared import manager_pairs
from app.web.choices import countries
from app.web.exports import Sheet, csv_bytes, xlsx_bytes
from app.web.fields import tidy
from app.web.respond import csv_file, page, xlsx_file

_LONGEST_SEARCH = 120
_SORTS = ("name", "number", "state", "programme", "tier", "country", "manager", "joined")
_HEAD = (
    "Number",
    "Name",
    "Legal name",
    "State",
    "Programme",
    "Tier",
    "Country",
    "Region",
    "City",
    "Currency",
    "Channel manager",
    "Contact",
    "Contact e-mail",
    "Joined",
)


@bp.get("/partners")
@requires(Permission.PARTNER_VIEW)
def index() -> ResponseReturnValue:
    """List partners; the address says which, in which order."""
    session, filters = current_session(), _filters()
    number = request.args.get("page", 1, type=int)
    found = queries.page_of_partners(session, actor=the_actor(), filters=filters, number=number)
    counts = queries.counts_by_state(session)
    return page(
        "partners/index.html",
        found=found,
        filters=filters,
        chips=_chips(filters, counts),
        lists=_lists(filters),
        sorted_by={key: _url(filters, sort=_turned(filters, key)) for key in _SORTS},
        pages=_pages(found, filters),
        exports={kind: _url(filters, f"partners.export_{kind}") for kind in ("csv", "xlsx")},
        named=countries(the_actor().locale),
        has_any=bool(counts),
    )


@bp.get("/partners/export.csv")
@requires(Permission.PARTNER_VIEW)
def export_csv() -> ResponseReturnValue:
    """Hand out exactly the rows of the list as CSV."""
    return csv_file(csv_bytes(_HEAD, _exported(), bom=True), "partners.csv")


@bp.get("/partners/export.xlsx")
@requires(Permission.PARTNER_VIEW)
def export_xlsx() -> ResponseReturnValue:
    """Hand out exactly the rows of the list as an Excel workbook."""
    return xlsx_file(xlsx_bytes([Sheet("Partners", _HEAD, _exported())]), "partners.xlsx")


def _exported() -> list[Sequence[object]]:
    rows = queries.export(current_session(), actor=the_actor(), filters=_filters())
    return [
        (
            row.number,
            row.name,
            row.legal_name,
            label(row.state),
            row.programme,
            row.tier,
            row.country,
            row.region,
            row.city,
            row.currency,
            row.manager,
            row.contact_name,
            row.contact_email,
            row.joined_at.date(),
        )
        for row in rows
    ]


def _filters() -> Filters:
    given = request.args
    state, country = given.get("state", ""), given.get("country", "").upper()
    return Filters(
        search=tidy(given.get("q"))[:_LONGEST_SEARCH],
        state=PartnerState(state) if state in set(PartnerState) else None,
        programme_id=_key(given.get("programme")),
        tier_id=_key(given.get("tier")),
        manager_id=_key(given.get("manager")),
        country=country if country in countries() else "",
        sort=given.get("sort", "name")[:20],
    )


def _key(text: str | None) -> UUID | None:
    """Return the identifier in an address; what is none chooses nothing."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _url(filters: Filters, endpoint: str = "partners.index", **over: Any) -> str:
    asked = {
        "q": filters.search,
        "state": filters.state.value if filters.state else "",
        "programme": filters.programme_id,
        "tier": filters.tier_id,
        "manager": filters.manager_id,
        "country": filters.country,
        "sort": filters.sort if filters.sort != "name" else "",
        **over,
    }
    return url_for(endpoint, **{name: value for name, value in asked.items() if value})


def _turned(filters: Filters, key: str) -> str:
    return f"-{key}" if filters.sort == key else key


def _chips(filters: Filters, counts: dict[PartnerState, int]) -> list[dict[str, object]]:
    def chip(state: PartnerState | None, name: str, count: int) -> dict[str, object]:
        url = _url(filters, state=state.value if state else "")
        return {"label": name, "url": url, "current": filters.state is state, "count": count}

    shown = [state for state in PartnerState if counts.get(state) or filters.state is state]
    mine = the_actor().user_id
    chips = [chip(None, "All", sum(counts.values()))]
    chips += [chip(state, label(state), counts.get(state, 0)) for state in shown]
    if the_actor().may(Permission.DEAL_REVIEW):
        is_on = filters.manager_id == mine
        url = _url(filters, manager="" if is_on else mine)
        chips.append({"label": "Mine", "url": url, "current": is_on, "count": None})
    return chips


def _lists(filters: Filters) -> list[dict[str, object]]:
    """Return the lists beside the search: name, label, chosen value, choices."""
    session, named = current_session(), countries(the_actor().locale)
    tiers = queries.tier_choices(session)
    programmes = {row.programme_id: row.programme for row in tiers}
    present = [(code, named.get(code, code)) for code in queries.countries(session)]
    return [
        _list("programme", "Programme", filters.programme_id, programmes.items()),
        _list("tier", "Tier", filters.tier_id, [(t.id, f"{t.programme}: {t.tier}") for t in tiers]),
        _list("country", "Country", filters.country, present),
        _list("manager", "Manager", filters.manager_id, manager_pairs()),
    ]


def _list(name: str, title: str, value: object, pairs: Any) -> dict[str, object]:
    return {"name": name, "label": title, "value": str(value or ""),
            "choices": [(str(key), word) for key, word in pairs]}  # fmt: skip


def _pages(found: Page, filters: Filters) -> dict[str, Any]:
    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": _url(filters, page=found.number - 1) if found.number > 1 else "",
        "next_url": _url(filters, page=found.number + 1) if found.number < found.last else "",
    }
