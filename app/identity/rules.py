"""Passwords, tokens, second factors and the life of a session: pure policy."""

import hashlib
import secrets
from datetime import datetime, timedelta
from importlib.resources import files

import pyotp

from app.kernel.errors import FieldError, Invalid

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
INVITATION = timedelta(hours=24)
RESET = timedelta(minutes=60)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
RECOVERY_CODES = 10
STEP_SECONDS = 30

_COMMON = frozenset(
    files("app.identity").joinpath("common_passwords.txt").read_text("utf-8").split()
)


class PasswordRefused(Invalid):
    """The password is too short, too long, or among the first that anybody would try."""

    code = "identity.password_refused"


def check_password(password: str, *, email: str = "", field: str = "password") -> None:
    """Accept any password of 8 to 128 characters that is not common and not the address itself.

    :raises PasswordRefused: otherwise; there are no rules about kinds of characters
    """
    sentence = ""
    if len(password) < SHORTEST_PASSWORD:
        sentence = f"A password needs at least {SHORTEST_PASSWORD} characters; 15 are better."
    elif len(password) > LONGEST_PASSWORD:
        sentence = f"A password can have at most {LONGEST_PASSWORD} characters."
    elif password.lower() in _COMMON or password.lower() in {email, email.partition("@")[0]}:
        sentence = "This password is among the first that anybody would try. Choose another."
    if sentence:
        error = FieldError(field, sentence, PasswordRefused.code)
        raise PasswordRefused(sentence, errors=[error])


def new_token() -> str:
    """Return an unguessable token for a link or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token: it cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes, such as 7KQ2M-XW4PA."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    halves = ["".join(secrets.choice(letters) for _ in range(5)) for _ in range(2 * RECOVERY_CODES)]
    return [f"{a}-{b}" for a, b in zip(halves[::2], halves[1::2], strict=True)]


def matching_step(seed: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """Return the time step whose code this is (one step of drift allowed), never one used before.

    RFC 6238, 30 seconds, six digits.
    """
    totp = pyotp.TOTP(seed)
    now_step = int(at.timestamp()) // STEP_SECONDS
    for step in (now_step, now_step - 1, now_step + 1):
        fresh = last_step is None or step > last_step
        if fresh and secrets.compare_digest(totp.generate_otp(step), code.strip()):
            return step
    return None


def is_alive(*, created_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Return whether a session still holds: seen within 30 minutes, opened within 12 hours."""
    return at - seen_at < IDLE and at - created_at < LONGEST
