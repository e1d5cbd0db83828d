"""Files of payments and invoices: brought, looked at, taken or put away."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.money import Money
from app.revenue.forms import FileForm, TakeForm
from app.revenue.models import Import
from app.revenue.queries import imports as queries
from app.revenue.rules.imports import COLUMNS, MOST_PROBLEMS, ImportState
from app.revenue.services import imports as services
from app.revenue.views import bp
from app.web.exports import csv_bytes
from app.web.respond import csv_file, flash, form_page, see_other

_SHOWN = 100
_HEAD = ("File", "Line", "Column", "What stands there", "What is wrong")


@bp.get("/imports")
@requires(Permission.IMPORT_RUN)
def imports() -> ResponseReturnValue:
    """List the files brought so far, and offer to bring another."""
    return _list(FileForm())


@bp.post("/imports")
@requires(Permission.IMPORT_RUN)
def bring() -> ResponseReturnValue:
    """Read a file and show what would come of it; nothing is taken yet."""
    form = FileForm()
    if form.validate():
        try:
            brought = services.bring(current_session(), form.upload, actor=the_actor(), at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return see_other("revenue.one_import", import_id=brought.id)
    return _list(form)


@bp.get("/imports/<uuid:import_id>")
@requires(Permission.IMPORT_RUN)
def one_import(import_id: UUID) -> ResponseReturnValue:
    """Show what a file holds, or what was taken of it."""
    return _show(TakeForm(), queries.one_import(current_session(), import_id))


@bp.post("/imports/<uuid:import_id>/taking")
@requires(Permission.IMPORT_RUN)
def take(import_id: UUID) -> ResponseReturnValue:
    """Take a file: all of it or nothing, or its good rows where somebody chose so."""
    form = TakeForm()
    if form.validate():
        try:
            taken = services.take(
                current_session(), import_id, good_only=form.rows.data == "good",
                actor=the_actor(), at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            _say(taken)
            return see_other("revenue.one_import", import_id=import_id)
    return _show(form, queries.one_import(current_session(), import_id))


@bp.post("/imports/<uuid:import_id>/removal")
@requires(Permission.IMPORT_RUN)
def discard(import_id: UUID) -> ResponseReturnValue:
    """Put a file away."""
    services.discard(current_session(), import_id, actor=the_actor(), at=now())
    flash("The file is put away; nothing of it was taken.")
    return see_other("revenue.imports")


@bp.get("/imports/<uuid:import_id>/report.csv")
@requires(Permission.IMPORT_RUN)
def report(import_id: UUID) -> Response:
    """Return every complaint about a file as CSV."""
    brought = queries.one_import(current_session(), import_id)
    rows = [
        (p["file"] or brought.file_name, p["line"], p["field"], p["value"], p["sentence"])
        for p in brought.report["problems"]
    ]
    return csv_file(csv_bytes(_HEAD, rows), "report.csv")


def _say(taken: bool) -> None:
    if taken:
        flash("The rows are taken.")
    else:
        flash("Something else was stored since you looked: this is what would come now.", "note")


def _list(form: FileForm) -> Response:
    return form_page(
        "revenue/imports.html",
        form=form,
        columns={kind.value: columns for kind, columns in COLUMNS.items()},
        brought=queries.recent_imports(current_session()),
    )


def _show(form: TakeForm, brought: Import) -> Response:
    found: dict[str, Any] = brought.report
    return form_page(
        "revenue/import.html",
        form=form,
        brought=brought,
        report=found,
        totals=[Money(minor, code) for code, minor in found["totals"].items()],
        problems=found["problems"][:_SHOWN],
        most=MOST_PROBLEMS,
        is_open=brought.state is ImportState.PREVIEWED,
    )
