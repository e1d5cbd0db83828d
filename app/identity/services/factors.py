"""The second factor: enrol, prove, replace by a recovery code, remove."""

from datetime import datetime

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.engine import elevates
from app.identity.models import Credential, RecoveryCode, User
from app.identity.rules import matching_step, new_recovery_codes, token_hash
from app.kernel.errors import FieldError, Invalid, NotFound
from app.kernel.sealing import seal, unseal
from app.ledger.services import record


class CodeRefused(Invalid):
    """The code is wrong, too old, or was used before."""

    code = "identity.code_refused"


def _refused() -> CodeRefused:
    sentence = "This code is not right, or it was used before. Wait for the next one."
    return CodeRefused(sentence, errors=[FieldError("code", sentence, CodeRefused.code)])


def _credential(session: Session, user: User) -> Credential:
    credential = session.get(Credential, user.id, with_for_update=True)
    if credential is None:
        raise NotFound
    return credential


@elevates
def begin_factor(session: Session, user: User) -> str:
    """Give ``user`` a new seed, not in force until confirmed, and return it."""
    credential = _credential(session, user)
    seed = pyotp.random_base32()
    credential.seed = seal(seed, f"credential.seed:{user.id}")
    credential.seed_confirmed_at = None
    credential.last_step = None
    return seed


@elevates
def seed_of(session: Session, user: User) -> str | None:
    """Return the seed of ``user``, if they have begun to enrol."""
    credential = session.get(Credential, user.id)
    if credential is None or credential.seed is None:
        return None
    return unseal(credential.seed, f"credential.seed:{user.id}")


@elevates
def confirm_factor(session: Session, user: User, code: str, *, at: datetime) -> list[str]:
    """Put the seed in force by a first code; return new recovery codes, shown this once.

    :raises CodeRefused: if the code does not fit
    """
    credential, seed = _credential(session, user), seed_of(session, user)
    step = matching_step(seed, code, at, None) if seed else None
    if step is None:
        raise _refused()
    credential.seed_confirmed_at, credential.last_step = at, step
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user.id, code_hash=token_hash(one)) for one in codes)
    _note(session, "identity.factor.enrolled", user, at)
    return codes


@elevates
def spend_code(session: Session, user: User, code: str, *, at: datetime) -> None:
    """Accept one code of the second factor, or one recovery code; neither is taken twice.

    :raises CodeRefused: if it is neither
    """
    credential, seed = _credential(session, user), seed_of(session, user)
    step = matching_step(seed, code, at, credential.last_step) if seed else None
    if step is not None:
        credential.last_step = step
        return
    wanted = select(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == token_hash(code.strip().upper()),
        RecoveryCode.used_at.is_(None),
    )
    spare = session.scalars(wanted.with_for_update()).one_or_none()
    if spare is None:
        raise _refused()
    spare.used_at = at


@elevates
def remove_factor(session: Session, user: User, *, at: datetime) -> None:
    """Take the second factor away, with its recovery codes."""
    credential = _credential(session, user)
    credential.seed, credential.seed_confirmed_at, credential.last_step = None, None, None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    _note(session, "identity.factor.removed", user, at)


def _note(session: Session, name: str, user: User, at: datetime) -> None:
    actor = Actor(user.id, user.name, user.role, user.partner_id)
    record(session, name, subject=user, actor=actor, at=at, partner_id=user.partner_id)
