"""Receipts: made, checked by the portal, and checked offline by the small program."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.db.engine import Scope, set_scope
from app.ledger.models import LedgerEntry, LedgerLeaf
from app.ledger.queries import check_receipt, receipt
from app.ledger.queries.verdicts import Standing
from app.ledger.rules.notes import Head, published, written
from app.ledger.services import seal, signer_of
from config import ROOT
from tests.ledger.conftest import AT, happen

PROGRAM = ROOT / "docs" / "verify_receipt.py"


@pytest.fixture
def handed_out(session):
    """The receipt of an entry in the middle of the log."""
    entry_id = session.scalar(select(LedgerLeaf.entry_id).where(LedgerLeaf.leaf_index == 9))
    return receipt(session, entry_id)


def altered(handed_out, **over):
    return json.dumps({**handed_out, **over})


def offline(tmp_path, text, *more):
    file = tmp_path / "receipt.json"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", str(PROGRAM), str(file), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def forged(handed_out):
    """The receipt, with head and key of somebody else over the same root."""
    stranger = signer_of("B" * 43 + "=")
    size = int(handed_out["head"].split("\n")[1])
    head = Head(size, bytes(32), AT)
    note = written(head, stranger.sign(head), stranger.key_id)
    return altered(handed_out, head=note, public_key=published(stranger.public_key))


def test_there_is_none_until_the_entry_is_sealed(session):
    entry = happen(session)
    session.flush()

    assert receipt(session, entry.id) is None
    seal(session, at=AT)
    assert (receipt(session, entry.id) or {})["body"] == entry.body


def test_a_partner_gets_those_of_its_own_entries(session):
    own, other = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id).limit(2))

    set_scope(session, Scope("partner", (own.partner_id,)))

    assert receipt(session, own.id) is not None
    assert receipt(session, other.id) is None


def test_a_genuine_one_is_valid_for_anybody(session, handed_out):
    set_scope(session, Scope("nobody"))

    verdict = check_receipt(session, json.dumps(handed_out, indent=2))

    assert verdict.is_valid
    assert all(check.passed for check in verdict.checks)
    assert dict(verdict.facts)["What happened"] == "Registration approved"


def test_an_older_one_stays_valid_while_the_log_grows(session, handed_out):
    happen(session)
    seal(session, at=AT)

    assert check_receipt(session, json.dumps(handed_out)).is_valid


@pytest.mark.parametrize(
    "change",
    [
        lambda told: altered(told, body=told["body"].replace('"amount":9', '"amount":8')),
        lambda told: altered(told, leaf_index=told["leaf_index"] + 1),
        lambda told: altered(told, proof=told["proof"][::-1]),
        lambda told: altered(told, proof=[*told["proof"], "00" * 32]),
        lambda told: altered(told, proof=["zz"]),
        lambda told: altered(told, head=told["head"].replace("2026", "2025", 1)),
        lambda told: altered(told, public_key=published(signer_of("B" * 43 + "=").public_key)),
        forged,
    ],
)
def test_an_altered_one_holds_neither_here_nor_offline(session, handed_out, tmp_path, change):
    text = change(handed_out)

    assert not check_receipt(session, text).is_valid
    assert offline(tmp_path, text).returncode in {1, 2}


def test_the_program_accepts_a_genuine_one_and_says_what_it_states(handed_out, tmp_path):
    done = offline(tmp_path, json.dumps(handed_out), "--key", handed_out["public_key"])

    assert (done.returncode, done.stderr) == (0, "")
    assert "deal.registration.approved" in done.stdout
    assert "The receipt holds." in done.stdout


def test_the_program_asks_to_compare_a_key_that_came_with_the_receipt(handed_out, tmp_path):
    assert "Compare its key" in offline(tmp_path, json.dumps(handed_out)).stdout


def test_the_program_refuses_another_key(handed_out, tmp_path):
    stranger = published(signer_of("B" * 43 + "=").public_key)

    assert offline(tmp_path, json.dumps(handed_out), "--key", stranger).returncode == 1


def test_a_number_or_a_hash_tells_the_place_and_not_the_content(session, handed_out):
    number = str(json.loads(handed_out["body"])["id"])
    set_scope(session, Scope("nobody"))

    for brought in (number, f" #{number}\n", handed_out["leaf_hash"]):
        verdict = check_receipt(session, brought)
        assert verdict.is_valid
        assert dict(verdict.facts)["Hash"] == handed_out["leaf_hash"]
        assert "Registration" not in str(verdict.facts)


@pytest.mark.parametrize("brought", ["0", "9" * 40, "0" * 64, "f" * 64, "#123456789"])
def test_an_unknown_number_or_hash_is_said_to_be_unknown(session, brought):
    assert check_receipt(session, brought).standing is Standing.UNKNOWN


DEEP = "[" * 20_000 + "]" * 20_000
GARBAGE = [
    "",
    "#",
    "x",
    "{}",
    "[]",
    "null",
    "NaN",
    "1e309",
    DEEP,
    "\x00",
    "\ud800",
    "²",
    "9" * 70_000,
]


@pytest.mark.parametrize("brought", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_unreadable_and_no_error(session, brought):
    assert check_receipt(session, brought).standing is Standing.UNREADABLE


ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(["body", "leaf_hash", "leaf_index", "proof", "head"]), value=ANY)
def test_any_field_may_hold_anything(session, handed_out, field, value):
    assert not check_receipt(session, altered(handed_out, **{field: value})).is_valid


HEADS = [
    "tandem-ledger\n9\nAA==\nsigned 0001-01-01T00:00:00+14:00\n\n\u2014 tandem-ledger " + "A" * 92
]


@pytest.mark.parametrize("head", HEADS)
def test_no_head_is_too_strange(session, handed_out, head):
    assert not check_receipt(session, altered(handed_out, head=head)).is_valid
