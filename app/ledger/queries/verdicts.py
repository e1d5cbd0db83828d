"""Checking what somebody brings: a whole receipt, a receipt number, or the hash of an entry.

The page is public, so a number or a hash answers only whether such an entry stands in the log; what
the entry says is told by the receipt itself, never by us.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.ledger.models import LedgerLeaf
from app.ledger.names import NAMES
from app.ledger.queries.heads import current_head, public_key_of, was_root
from app.ledger.rules.receipts import LARGEST, BodyAltered, Receipt, parse

_HASH_DIGITS = 64
_LARGEST_NUMBER = 2**63 - 1


class Standing(StrEnum):
    """What became of a check."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Check:
    """One question that was asked, and its answer."""

    question: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for a person: a sentence, the checks made, and what a valid receipt states."""

    standing: Standing
    sentence: str
    checks: tuple[Check, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    sealed_by: datetime | None = None
    is_valid: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_valid", self.standing is Standing.VALID)


def check_receipt(session: Session, text: str) -> Verdict:
    """Return the verdict over a pasted receipt, a receipt number or a hash; garbage is no error."""
    brought = text.strip()
    if len(brought.encode(errors="replace")) > LARGEST:
        return _unreadable("This is longer than any receipt.")
    if (wanted := _place_named(brought)) is not None:
        return _look_up(session, wanted)
    try:
        return _examine(session, parse(brought))
    except BodyAltered:
        return Verdict(
            Standing.INVALID,
            "This receipt was altered: its entry does not have the hash that it states.",
            (Check("The entry has the hash that the receipt states", passed=False),),
        )
    except ValueError:
        return _unreadable("This is neither a receipt, nor a receipt number, nor a hash.")


def _unreadable(sentence: str) -> Verdict:
    return Verdict(Standing.UNREADABLE, sentence)


def _place_named(brought: str) -> ColumnElement[bool] | None:
    """Return the condition for the leaf that a number or a hash names, or None for other text."""
    digits = brought.removeprefix("#")
    if not digits.isascii():
        return None
    if len(digits) == _HASH_DIGITS and all(each in "0123456789abcdefABCDEF" for each in digits):
        return LedgerLeaf.leaf_hash == bytes.fromhex(digits)
    if digits.isdecimal() and len(digits) < _HASH_DIGITS:
        return LedgerLeaf.entry_id == min(int(digits), _LARGEST_NUMBER)
    return None


def _look_up(session: Session, wanted: ColumnElement[bool]) -> Verdict:
    leaf = session.execute(
        select(LedgerLeaf.entry_id, LedgerLeaf.leaf_index, LedgerLeaf.leaf_hash)
        .where(wanted)
        .order_by(LedgerLeaf.leaf_index)
        .limit(1)
    ).one_or_none()
    head = current_head(session)
    if leaf is None or head is None:
        return Verdict(
            Standing.UNKNOWN,
            "There is no sealed entry of this number or hash. A new one is sealed within seconds.",
        )
    facts = (
        ("Receipt number", str(leaf.entry_id)),
        ("Place in the log", str(leaf.leaf_index)),
        ("Hash", leaf.leaf_hash.hex()),
    )
    sentence = "An entry of this number or hash stands in the log. Its receipt says what it states."
    return Verdict(Standing.VALID, sentence, (), facts, head.signed_at)


def _examine(session: Session, receipt: Receipt) -> Verdict:
    checks = (
        Check("The entry has the hash that the receipt states", passed=True),
        Check("The proof leads from the entry to the signed head", receipt.is_included),
        Check("The signature on the head is genuine", receipt.is_signed),
        Check("The key is one of this portal's", _is_ours(session, receipt)),
        Check("The head agrees with the log as it stands today", was_root(session, receipt.head)),
    )
    failed = [check for check in checks if not check.passed]
    if failed:
        sentence = f"This receipt does not hold. {failed[0].question}: no."
        return Verdict(Standing.INVALID, sentence, checks)
    sentence = "This receipt is genuine, and the log still holds its entry unchanged."
    return Verdict(Standing.VALID, sentence, checks, _stated(receipt), receipt.head.at)


def _is_ours(session: Session, receipt: Receipt) -> bool:
    return public_key_of(session, receipt.key_id) == receipt.public_key


def _stated(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    place = (("Place in the log", str(receipt.leaf_index)), ("Hash", receipt.leaf_hash.hex()))
    try:
        return _said(json.loads(receipt.body)) + place
    except (ValueError, TypeError, KeyError, RecursionError):
        return place


def _said(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return (
        ("Receipt number", str(body["id"])),
        ("What happened", NAMES.get(body["name"], body["name"])),
        ("To", f"{body['subject']['type']} {body['subject']['id']}"),
        ("By", body["actor"]),
        ("At", body["at"]),
        ("Facts", json.dumps(body["facts"], ensure_ascii=False)),
    )
