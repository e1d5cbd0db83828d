"""Look at a CRM export, or take it in one transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.money import Money
from app.ledger.services import record
from app.revenue.models import Import
from app.revenue.rules.crm import TEAMS, CrmStage, read_export
from app.revenue.rules.imports import HasBadRows, ImportKind, ImportState, Report
from app.revenue.rules.reading import Problem
from app.revenue.services.crm.join import SOURCE, Joined, join, won_total
from app.revenue.services.crm.write import Vendor, write

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('import crm', 0))")


@dataclass(frozen=True, slots=True)
class CrmReport:
    """What is in an export, what of it is new, and what is wrong with the rest."""

    rows: dict[str, int]
    new: dict[str, int]
    unchanged: dict[str, int]
    won: Money
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    sha256: str

    @property
    def is_nothing_new(self) -> bool:
        """Whether taking the export would change nothing."""
        return not any(self.new.values())


def preview_crm(session: Session, files: Mapping[str, bytes]) -> CrmReport:
    """Return what would come of an export; nothing is written.

    :raises FileRefused: if a file is missing or cannot be read as its table
    """
    return _report(join(session, read_export(files)), files)


def import_crm(
    session: Session,
    files: Mapping[str, bytes],
    *,
    vendor: Vendor,
    good_only: bool = False,
    actor: Actor,
    at: datetime,
) -> CrmReport:
    """Take what is new in an export: all or nothing, or the good rows where somebody chose so.

    Its deals become opportunities with their history; those won become orders without a partner.

    :raises FileRefused: if a file is missing or cannot be read as its table
    :raises HasBadRows: if rows are bad and nobody chose to leave them out
    """
    session.execute(_ONE_AT_A_TIME)
    joined = join(session, read_export(files))
    report = _report(joined, files)
    if report.problems and not good_only:
        raise HasBadRows(f"{len(report.problems)} rows cannot be taken; nothing was.")
    if not report.is_nothing_new:
        write(session, joined, vendor, actor=actor, at=at)
        _tell(session, report, actor=actor, at=at)
    return report


def _report(joined: Joined, files: Mapping[str, bytes]) -> CrmReport:
    digest = hashlib.sha256()
    for name in sorted(joined.export.rows):
        digest.update(hashlib.sha256(files[name]).digest())
    orders = sum(deal.stage is CrmStage.WON for deal in joined.deals)
    return CrmReport(
        rows=dict(joined.export.rows),
        new={
            "accounts": len(joined.accounts),
            "products": len(joined.products),
            "opportunities": len(joined.deals),
            "orders": orders,
        },
        unchanged=dict(joined.unchanged),
        won=won_total(joined),
        problems=tuple(joined.export.problems),
        notes=tuple(joined.notes),
        sha256=digest.hexdigest(),
    )


def _tell(session: Session, report: CrmReport, *, actor: Actor, at: datetime) -> None:
    """Leave one entry that stands for every row, and the import among the others."""
    rows = sum(count for name, count in report.rows.items() if name != TEAMS)
    said = Report(rows=rows, good=sum(report.new.values()) - report.new["orders"])
    said.unchanged, said.notes = sum(report.unchanged.values()), list(report.notes)
    said.complain(report.problems)
    said.totals[report.won.currency] = report.won.minor
    taken = Import(
        kind=ImportKind.CRM,
        state=ImportState.TAKEN,
        source=SOURCE,
        file_name="CRM export",
        sha256=report.sha256,
        manner={},
        report={**said.as_document(), "bad": len(report.problems)},
        plan_hash=report.sha256,
        brought_by=actor.user_id,
        brought_at=at,
        decided_at=at,
    )
    session.add(taken)
    session.flush()
    record(
        session, "revenue.import.finished", subject=taken, actor=actor, at=at, kind="crm",
        sha256=report.sha256, taken=report.new, refused=len(report.problems),
        won_minor=report.won.minor, currency=report.won.currency,
    )  # fmt: skip
