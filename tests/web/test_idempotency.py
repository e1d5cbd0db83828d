"""The same form sent twice acts once and answers alike."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.access.models import StoredAnswer
from app.access.rules import Role
from app.db.engine import SYSTEM_SCOPE, transaction
from app.identity.services import open_session
from app.kernel.clock import now
from app.pipeline.models import InternalNote
from tests.factories.identity import make_user
from tests.factories.pipeline import make_opportunity

KEY = "0" * 31 + "1"


@pytest.fixture
def sale(session):
    return make_opportunity(session)


@pytest.fixture
def desk(sign_in, user):
    return sign_in(user(Role.CHANNEL_MANAGER))


def note(browser, sale_id, said="Called them.", key=KEY):
    data = {"text": said, "idempotency_key": key}
    return browser.post(f"/pipeline/{sale_id}/internal-notes", data=data)


def notes(session, sale_id):
    wanted = select(func.count()).where(InternalNote.opportunity_id == sale_id)
    return session.scalar(wanted)


def test_the_second_time_answers_alike_and_adds_nothing(desk, session, sale):
    first, second = note(desk, sale.id), note(desk, sale.id)

    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert (first.status_code, notes(session, sale.id)) == (303, 1)


def test_the_second_time_says_what_the_first_said(desk, sale):
    note(desk, sale.id)
    assert "Your note is kept" in desk.get(f"/pipeline/{sale.id}").text
    note(desk, sale.id)

    assert "Your note is kept" in desk.get(f"/pipeline/{sale.id}").text


def test_other_values_with_the_same_key_are_refused(desk, session, sale):
    note(desk, sale.id)
    answer = note(desk, sale.id, "Called nobody.")

    assert (answer.status_code, notes(session, sale.id)) == (422, 1)
    assert "already sent with other values" in answer.text


def test_the_same_key_for_another_address_is_refused(desk, session, sale):
    other = make_opportunity(session)
    note(desk, sale.id)

    assert note(desk, other.id).status_code == 422
    assert notes(session, other.id) == 0


def test_another_key_is_another_write(desk, session, sale):
    note(desk, sale.id)
    note(desk, sale.id, key="another")

    assert notes(session, sale.id) == 2


def test_keys_of_two_people_have_nothing_to_do_with_each_other(sign_in, user, session, sale):
    for _ in range(2):
        assert note(sign_in(user(Role.CHANNEL_MANAGER)), sale.id).status_code == 303

    assert notes(session, sale.id) == 2


def test_a_refused_form_may_be_sent_again_with_the_same_key(desk, session, sale):
    assert note(desk, sale.id, "").status_code == 422
    assert note(desk, sale.id).status_code == 303

    assert notes(session, sale.id) == 1


@pytest.mark.parametrize("key", ["", "\0", "x" * 5_000, "ключ", "'; --"])
def test_any_key_is_taken_or_left(desk, session, sale, key):
    assert note(desk, sale.id, key=key).status_code == 303
    assert notes(session, sale.id) == 1


def test_the_answer_is_stored_under_the_person_and_the_key(desk, session, sale):
    answer = note(desk, sale.id)

    stored = session.scalars(select(StoredAnswer)).one()
    assert (stored.key, stored.status, stored.location) == (KEY, 303, answer.location)


@pytest.fixture
def two_browsers(committing, portal):
    """Two browsers of one person, and an opportunity, in a database that really commits."""
    with transaction(SYSTEM_SCOPE) as session:
        person = make_user(session, Role.CHANNEL_MANAGER)
        sale_id = make_opportunity(session).id
        given = {"at": now(), "address": "127.0.0.1", "agent": "test"}
        tokens = [open_session(session, person, **given) for _ in range(2)]
    browsers = [portal.test_client() for _ in tokens]
    for browser, token in zip(browsers, tokens, strict=True):
        browser.test_session = None
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
    return browsers, sale_id


def test_two_browsers_at_once_have_one_effect(two_browsers):
    browsers, sale_id = two_browsers
    for turn in range(5):
        gate = Barrier(2)

        def send(browser, gate=gate, turn=turn):
            gate.wait()
            return note(browser, sale_id, key=f"key {turn}")

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(send, browsers)
        assert {first.status_code, second.status_code} == {303}
        assert first.location == second.location
        with transaction(SYSTEM_SCOPE) as session:
            assert notes(session, sale_id) == turn + 1
