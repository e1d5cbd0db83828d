"""What a new registration meets: open opportunities of the same customer."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.deals.rules import Evidence, FindingKind
from app.deals.services import Asked
from app.kernel.format import label
from app.pipeline import queries


def open_opportunities(
    session: Session, account_ids: Sequence[UUID], asked: Asked
) -> Iterator[Evidence]:
    """Yield each open opportunity of these accounts that is not the asking partner's own deal."""
    for row in queries.open_on(session, account_ids):
        other_family = None not in (row.family_id, asked.family_id)
        if other_family and row.family_id != asked.family_id:
            continue
        if row.registered_by_partner_id == asked.partner_id:
            continue
        what = f"{row.number} for {row.family_name}" if row.family_name else row.number
        reason = f"{what} is open, in the stage “{label(row.stage)}”."
        yield Evidence(FindingKind.OPEN_OPPORTUNITY, (reason,), row.account_id, row.id)
