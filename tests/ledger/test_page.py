"""The public verify page, receipts for those signed in, and the commands."""

import json

import pytest
from sqlalchemy import text

from app.access.rules import Role
from app.cli.ledger import commands
from app.ledger.queries import current_head, note, receipt
from app.ledger.services import seal
from tests.ledger.conftest import AT, happen, seal_all


@pytest.fixture
def session(request):
    """The session that the portal's own pages share, not the one of this folder."""
    return request.getfixturevalue("portal_session")


@pytest.fixture
def sealed(portal, session):
    """An entry that is sealed."""
    entry = happen(session)
    seal(session, at=AT)
    session.flush()
    return entry


def test_anybody_sees_the_newest_head(client, session, sealed):
    answer = client.get("/verify")

    assert answer.status_code == 200
    head = current_head(session)
    assert head is not None
    assert note(head).split("\n")[2] in answer.text


def test_a_pasted_receipt_is_checked(client, session, sealed):
    brought = json.dumps(receipt(session, sealed.id))

    answer = client.post("/verify", data={"receipt": brought})

    assert answer.status_code == 200
    assert "This receipt is genuine" in answer.text


@pytest.mark.parametrize(
    "brought", ["", "{}", "x" * 70_000, "\x00", "[" * 9_000, "²", "🙂" * 20_000]
)
def test_garbage_gets_a_sentence(client, session, brought):
    answer = client.post("/verify", data={"receipt": brought})

    assert answer.status_code == 200
    assert "neither a receipt" in answer.text or "longer than any receipt" in answer.text


@pytest.mark.parametrize("brought", ["0", "9" * 400, "nonsense", "%25"])
def test_a_link_to_nothing_is_answered(client, session, brought):
    assert client.get(f"/verify/{brought}").status_code == 200


def test_a_link_names_the_place_and_not_the_content(client, session, sealed):
    answer = client.get(f"/verify/{sealed.id}")

    assert sealed.leaf_hash.hex() in answer.text
    assert "Registration approved" not in answer.text


def test_the_receipt_of_a_visible_entry_is_handed_out(session, sign_in, user, sealed):
    answer = sign_in(user(Role.CHANNEL_LEAD)).get(f"/receipts/{sealed.id}")

    assert answer.json == receipt(session, sealed.id)


def test_a_partner_gets_no_receipt_of_anothers_entry(session, sign_in, user, sealed):
    browser = sign_in(user(Role.PARTNER_ADMIN))

    found = [browser.get(f"/receipts/{number}") for number in (sealed.id, 999_999_999, "x", "²")]

    assert {answer.status_code for answer in found} == {404}


class TestCommands:
    @pytest.fixture
    def run(self, portal, log):
        seal_all()
        return lambda *said: portal.test_cli_runner().invoke(commands, [str(each) for each in said])

    def test_a_whole_log_is_said_to_hold(self, run):
        done = run("verify")

        assert done.exit_code == 0
        assert "The ledger holds" in done.output

    def test_the_first_bad_entry_is_named(self, run, superusers):
        self.tamper(superusers, "'x'")
        try:
            done = run("verify")
        finally:
            self.tamper(superusers, "'d'")

        assert done.exit_code == 1
        assert "First bad: entry 3, " in done.output

    @staticmethod
    def tamper(superusers, letter):
        with superusers.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            change = f"name = overlay(name placing {letter} from 1)"
            connection.execute(text(f"UPDATE ledger_entry SET {change} WHERE id = 3"))  # noqa: S608

    def test_a_receipt_is_printed(self, run):
        assert json.loads(run("receipt", 3).output)["format"] == "tandem-receipt/1"
        assert run("receipt", 999_999).exit_code == 1

    def test_a_head_that_was_kept_is_held_against_the_log(self, run, tmp_path):
        kept = tmp_path / "head.txt"
        kept.write_text(run("head").output)

        assert run("grown", kept).exit_code == 0
        kept.write_text(kept.read_text().replace("2026", "2025"))
        assert run("grown", kept).exit_code == 1

    def test_all_that_waits_is_sealed(self, run):
        assert run("seal").output == "0 entries sealed.\n"
