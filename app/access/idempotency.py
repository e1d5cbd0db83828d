"""The same write sent twice acts once and answers alike."""

import hashlib
import json

from flask import Request, Response
from flask import session as browser_session
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.models import StoredAnswer
from app.access.rules import Actor
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid

FIELD = "idempotency_key"
_NOT_COMPARED = {FIELD, "csrf_token"}


class KeyUsedForAnotherWrite(Invalid):
    """The key was used before, with other values."""

    code = "access.idempotency_key_reused"


class StillRunning(Conflict):
    """The first write with this key left no answer."""

    code = "access.idempotency_no_answer"


def key_of(request: Request) -> str:
    """Return the key that the form carries, without what no database stores; empty where none."""
    return request.form.get(FIELD, "").replace("\0", "")[:64]


def fingerprint(request: Request) -> str:
    """Return a digest of what this write asks: verb, path, fields and the content of files."""
    fields = [(name, values) for name, values in request.form.lists() if name not in _NOT_COMPARED]
    files = []
    for name, file in request.files.items(multi=True):
        files.append((name, file.filename, hashlib.sha256(file.stream.read()).hexdigest()))
        file.stream.seek(0)
    asked = json.dumps([request.method, request.path, sorted(fields), sorted(files)])
    return hashlib.sha256(asked.encode()).hexdigest()


def replay(session: Session, request: Request, actor: Actor) -> Response | None:
    """Claim the key of ``request``; return the stored answer if it was used for the same write.

    :raises KeyUsedForAnotherWrite: if it was used with other values
    :raises StillRunning: if its first use left no answer
    """
    key = key_of(request)
    if not key or actor.user_id is None:
        return None
    digest = fingerprint(request)
    claim = insert(StoredAnswer).values(
        actor_id=actor.user_id, key=key, fingerprint=digest, created_at=now()
    )
    claimed = session.execute(claim.on_conflict_do_nothing().returning(StoredAnswer.key)).first()
    if claimed is not None:
        return None
    stored = session.scalars(
        select(StoredAnswer).where(StoredAnswer.actor_id == actor.user_id, StoredAnswer.key == key)
    ).one()
    if stored.fingerprint != digest:
        raise KeyUsedForAnotherWrite(
            "This form was already sent with other values. What was sent first was kept; "
            "open the form anew to send these."
        )
    if stored.status is None or stored.location is None:
        raise StillRunning("This form was already sent. Look whether its effect is there.")
    for category, message in stored.flashes or ():
        browser_session.setdefault("_flashes", []).append((category, message))
    return Response(status=stored.status, headers={"Location": stored.location})


def remember(session: Session, request: Request, actor: Actor, response: Response) -> None:
    """Store the redirect that answers this write, in the same transaction as its effects."""
    key = key_of(request)
    if not key or actor.user_id is None or not 300 <= response.status_code < 400:
        return
    stored = session.get(StoredAnswer, (actor.user_id, key))
    if stored is not None and stored.status is None:
        stored.status = response.status_code
        stored.location = response.location
        stored.flashes = list(browser_session.get("_flashes", []))
