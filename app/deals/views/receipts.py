"""The receipt of a submission, to read and to keep."""

import json
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.deals import queries
from app.deals.models import Registration
from app.deals.services import sealed_content
from app.deals.views.blueprint import bp
from app.kernel.errors import NotFound
from app.ledger.queries import receipt as ledger_receipt
from app.ledger.rules.canonical import salted, stamp
from app.web.respond import download, page


@bp.get("/deals/<uuid:deal_id>/receipt")
@requires(Permission.DEAL_VIEW)
def receipt(deal_id: UUID) -> ResponseReturnValue:
    """Show number, time, place in the queue, content hash, and how to check them."""
    session = current_session()
    deal = _submitted(session, deal_id)
    return page(
        "deals/receipt.html",
        deal=deal,
        is_sealed=_sealed(session, deal) is not None,
        reviewer=queries.name_of(session, deal.reviewer_id),
    )


@bp.get("/deals/<uuid:deal_id>/receipt.json")
@requires(Permission.DEAL_VIEW)
def receipt_file(deal_id: UUID) -> ResponseReturnValue:
    """Hand out the receipt with its proof, and what the content hash was made of."""
    session = current_session()
    deal = _submitted(session, deal_id)
    said: dict[str, Any] = {
        "number": deal.number,
        "submitted_at": stamp(deal.submitted_at) if deal.submitted_at else None,
        "queue_place": deal.queue_place,
        "content_sha256": deal.content_digest,
        "ledger_entry": deal.receipt_entry_id,
        "ledger_receipt": _sealed(session, deal),
        **_opened(session, deal),
    }
    content = json.dumps(said, indent=2, ensure_ascii=False).encode()
    return download(content, f"{deal.number}-receipt.json", "application/json")


def _submitted(session: Session, deal_id: UUID) -> Registration:
    deal = queries.one(session, deal_id, actor=the_actor())
    if deal.receipt_entry_id is None:
        raise NotFound
    return deal


def _sealed(session: Session, deal: Registration) -> dict[str, Any] | None:
    return ledger_receipt(session, deal.receipt_entry_id) if deal.receipt_entry_id else None


def _opened(session: Session, deal: Registration) -> dict[str, Any]:
    """Return salt and text behind the hash, as long as the registration still says the same."""
    content = sealed_content(deal, queries.content_of(deal, queries.lines(session, deal.id)))
    if salted(deal.salt, content) != deal.content_digest:
        return {}
    return {"salt": deal.salt.hex(), "content": content}
