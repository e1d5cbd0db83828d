"""The public page on which anybody checks a receipt, and the receipts of what one may see."""

import json

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from app.access.guard import current_session, public, signed_in
from app.kernel.errors import NotFound
from app.ledger import queries
from app.ledger.queries import Verdict
from app.ledger.rules.receipts import LARGEST
from app.web.forms import Form
from app.web.respond import download, page

bp = Blueprint("verify", __name__)


class CheckForm(Form):
    """What somebody brings to be checked."""

    receipt = TextAreaField("Receipt, receipt number or hash")


@bp.get("/verify")
@public
def show() -> ResponseReturnValue:
    """Show the form, the newest head and the public key."""
    return _page(CheckForm(formdata=None), None)


@bp.post("/verify")
@public
def check() -> ResponseReturnValue:
    """Check what was pasted."""
    form = CheckForm()
    brought = (form.receipt.data or "")[: LARGEST + 1]
    return _page(form, queries.check_receipt(current_session(), brought))


@bp.get("/verify/<brought>")
@public
def look_up(brought: str) -> ResponseReturnValue:
    """Check a receipt number or a hash that came as a link."""
    form = CheckForm(formdata=None)
    form.receipt.data = brought
    return _page(form, queries.check_receipt(current_session(), brought))


@bp.get("/receipts/<string(maxlength=18):number>")
@signed_in
def receipt(number: str) -> ResponseReturnValue:
    """Hand out the receipt of a sealed entry that the actor may see."""
    made = None
    if number.isascii() and number.isdecimal():
        made = queries.receipt(current_session(), int(number))
    if made is None:
        raise NotFound
    text = json.dumps(made, indent=2, ensure_ascii=False)
    return download(text.encode(), f"receipt-{number}.json", "application/json")


def _page(form: CheckForm, verdict: Verdict | None) -> Response:
    session = current_session()
    head = queries.current_head(session)
    key = queries.published_key(session, head) if head else ""
    note = queries.note(head) if head else ""
    shown = {"form": form, "verdict": verdict, "head": head, "note": note, "key": key}
    return page("ledger/verify.html", **shown)
