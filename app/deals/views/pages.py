"""The page of one registration, as its partner and the vendor read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Actor, Permission
from app.deals import queries
from app.deals.forms import AnswerForm, AppealForm, ExtensionForm, FileForm, WithdrawalForm
from app.deals.models import Extension, Registration
from app.deals.rules import (
    FIELD_LABELS,
    LIFECYCLE,
    DealAct,
    DealState,
    ExtensionState,
    complaints,
    editable_fields,
)
from app.deals.views.blueprint import bp
from app.kernel.clock import now
from app.kernel.format import label
from app.web.forms import Form
from app.web.respond import form_page

DONE = {
    DealAct.SUBMIT: "Submitted",
    DealAct.TAKE_UP: "Review begun",
    DealAct.SEND_BACK: "Sent back",
    DealAct.RESUBMIT: "Submitted again",
    DealAct.APPROVE: "Approved",
    DealAct.REJECT: "Rejected",
    DealAct.APPEAL: "Rejection appealed",
    DealAct.WITHDRAW: "Withdrawn",
    DealAct.CONVERT: "Opportunity started",
    DealAct.EXPIRE: "Expired",
    DealAct.OFFER: "Next in line for the customer",
    DealAct.LINK: "Customer decided",
}
_FILES_IN = frozenset({DealState.DRAFT, DealState.ACTION_REQUIRED, DealState.APPROVED})


@bp.get("/deals/<uuid:deal_id>")
@requires(Permission.DEAL_VIEW)
def show(deal_id: UUID) -> ResponseReturnValue:
    """Show a registration: facts, products, files, what can be done, what happened."""
    return registration_page(deal_id)


def registration_page(deal_id: UUID, refused: Form | None = None) -> Response:
    """Return the page; ``refused`` is the form on it that could not be carried out."""
    session, actor = current_session(), the_actor()
    deal = queries.one(session, deal_id, actor=actor)
    forms: dict[str, Form] = {
        kind.__name__: refused if isinstance(refused, kind) else kind(formdata=None)
        for kind in (AnswerForm, AppealForm, ExtensionForm, FileForm, WithdrawalForm)
    }
    requests = queries.extensions(session, deal.id)
    lines = queries.lines(session, deal.id)
    return form_page(
        "deals/show.html",
        form=refused or forms["FileForm"],
        forms=forms,
        deal=deal,
        lines=lines,
        files=queries.files(session, deal.id),
        requests=requests,
        reviewer=queries.name_of(session, deal.reviewer_id),
        timeline=timeline(session, deal, requests, actor=actor),
        missing=_missing(session, deal, actor, now()),
        may=_may(deal, requests, actor),
        asked=[FIELD_LABELS[name] for name in deal.fields_asked if name != "currency"],
    )


def timeline(
    session: Session, deal: Registration, requests: Sequence[Extension], *, actor: Actor
) -> list[dict[str, Any]]:
    """Return what happened to a registration, newest first; partners do not see who was matched."""
    happened = [
        {"at": row.at, "who": row.who or "", "what": _what(row), "why": row.reason}
        for row in queries.decisions(session, deal.id)
        if actor.is_vendor or row.act is not DealAct.LINK
    ]
    for one in requests:
        asked = f"{one.days} days of longer protection asked for"
        happened.append({"at": one.asked_at, "who": "", "what": asked, "why": one.why})
        if one.answered_at is not None:
            answered = f"Longer protection {one.state.value}"
            happened.append({"at": one.answered_at, "who": "", "what": answered, "why": one.answer})
    first = {"at": deal.created_at, "who": "", "what": "Draft begun", "why": ""}
    ordered = sorted(happened, key=lambda each: each["at"], reverse=True)
    return [*ordered, first]


def _what(row: Any) -> str:
    said = DONE[row.act]
    return f"{said}: {label(row.closing_code).lower()}" if row.closing_code else said


def _missing(session: Session, deal: Registration, actor: Actor, at: datetime) -> list[str]:
    """Return what a draft still lacks, in words."""
    if deal.state is not DealState.DRAFT or deal.partner_id != actor.partner_id:
        return []
    content = queries.content_of(deal, queries.lines(session, deal.id))
    found = complaints(content, queries.families_of_products(session), at.date())
    return list(dict.fromkeys(one.message for one in found))


def _may(deal: Registration, requests: Sequence[Extension], actor: Actor) -> dict[str, bool]:
    """Return which acts the page offers; the services decide again."""
    own = deal.partner_id == actor.partner_id and actor.may(Permission.DEAL_REGISTER)
    reviews = actor.is_vendor and actor.may(Permission.DEAL_REVIEW)
    pending = any(one.state is ExtensionState.REQUESTED for one in requests)
    granted = sum(one.state is ExtensionState.GRANTED for one in requests)
    approved = deal.state is DealState.APPROVED
    left = granted < deal.partner.tier.extensions
    return {
        "edit": own and bool(editable_fields(deal.state, deal.fields_asked)),
        "delete": own and deal.state is DealState.DRAFT,
        "submit": own and deal.state is DealState.DRAFT,
        "withdraw": own and LIFECYCLE.allows(deal.state, DealAct.WITHDRAW),
        "appeal": own and deal.state is DealState.REJECTED and deal.appealed_at is None,
        "extend": own and approved and not pending and left,
        "attach": own and deal.state in _FILES_IN,
        "answer": reviews and approved and pending,
        "review": reviews and deal.state in (DealState.SUBMITTED, DealState.IN_REVIEW),
    }
