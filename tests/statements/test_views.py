"""The pages of runs, statements, payouts, disputes and earnings, as people use them."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import event, update

from app.access.rules import Role
from app.jobs.runner import drain
from app.kernel.clock import now
from app.statements import queries, services
from app.statements.models import Dispute, Statement
from tests.factories.clockwork import NOON
from tests.factories.identity import actor_of, make_user
from tests.factories.statements import (
    calculator_and_approver,
    issue,
    make_accrual,
    make_payee,
    make_period,
    the_entity,
)

UNKNOWN = UUID(int=404)


@pytest.fixture
def partner(session):
    """A partner with an account."""
    return make_payee(session)


@pytest.fixture
def statement(session, partner):
    """An issued statement whose lines can still be disputed."""
    make_accrual(session, partner, 100_000)
    make_accrual(session, partner, 7_500, payable_on=None)
    (statement,) = issue(session, make_period(session))
    until = update(Statement).values(dispute_until=now() + timedelta(days=3))
    session.execute(until)
    session.expire_all()
    return statement


@pytest.fixture
def admin_of(session, partner, sign_in):
    """A browser of the partner's admin."""
    return sign_in(make_user(session, Role.PARTNER_ADMIN, partner_id=partner.id))


@pytest.fixture
def finance_user(session):
    """Somebody of finance."""
    return make_user(session, Role.FINANCE)


class TestPartner:
    def test_reads_earnings_and_the_statement(self, admin_of, statement):
        earnings = admin_of.get("/earnings").text
        shown = admin_of.get(f"/statements/{statement.id}").text

        assert statement.number in earnings
        assert "1,075.00" in shown
        assert "Why this amount?" in shown

    @pytest.mark.parametrize("kind", ["pdf", "csv", "xlsx", "json"])
    def test_downloads_it(self, admin_of, statement, kind):
        answer = admin_of.get(f"/statements/{statement.id}.{kind}")

        assert answer.status_code == 200
        assert f"{statement.number}.{kind}" in answer.headers["Content-Disposition"]

    def test_the_pdf_does_not_depend_on_the_reader(self, admin_of, statement, sign_in, session):
        theirs = admin_of.get(f"/statements/{statement.id}.pdf").data
        finance = sign_in(make_user(session, Role.FINANCE, locale="de_DE", zone="Asia/Tokyo"))

        ours = finance.get(f"/statements/{statement.id}.pdf").data

        assert theirs == ours
        text = PdfReader(io.BytesIO(ours)).pages[0].extract_text()
        assert "EUR 1,000.00" in " ".join(text.split())

    @pytest.mark.parametrize("path", ["", ".pdf", ".csv", ".xlsx", ".json"])
    def test_what_is_foreign_answers_as_what_is_not_there(self, statement, session, sign_in, path):
        other = sign_in(make_user(session, Role.PARTNER_ADMIN, partner_id=make_payee(session).id))

        theirs = other.get(f"/statements/{statement.id}{path}")
        nothing = other.get(f"/statements/{UNKNOWN}{path}")

        assert (theirs.status_code, nothing.status_code) == (404, 404)
        assert _still(theirs.text) == _still(nothing.text)

    @pytest.mark.parametrize("path", ["/statements", "/commission", "/disputes"])
    def test_does_not_find_the_pages_of_the_vendor(self, admin_of, path):
        assert admin_of.get(path).status_code == 404

    def test_raises_a_dispute(self, admin_of, statement, session):
        line = queries.lines(session, statement)[0]
        where = f"/statements/lines/{line.id}/dispute"
        assert admin_of.get(where).status_code == 200

        answer = admin_of.post(where, data={"expected": "1200.00", "reason": "Gold pays 12 %."})

        found = session.query(Dispute).one()
        assert answer.location.endswith(f"/disputes/{found.id}")
        assert found.expected_minor == 120_000
        assert "Gold pays 12 %." in admin_of.get(answer.location).text

    @pytest.mark.parametrize("expected", ["", "NaN", "1e309", "-5", "abc", "1000.00", "1.001"])
    def test_gives_an_amount_that_can_be(self, admin_of, statement, session, expected):
        line = next(each for each in queries.lines(session, statement)
                    if each.amount_minor == 100_000)  # fmt: skip
        where = f"/statements/lines/{line.id}/dispute"

        answer = admin_of.post(where, data={"expected": expected, "reason": "Wrong"})

        assert answer.status_code == 422
        assert session.query(Dispute).count() == 0


class TestFinance:
    def test_takes_a_period_from_open_to_issued(self, session, partner, sign_in, finance_user):
        make_accrual(session, partner, 50_000)
        period, _ = make_period(session), the_entity(session)
        browser, where = sign_in(finance_user), f"/commission/{period.id}"
        first, _ = calculator_and_approver(session)
        period.calculated_by = first.user_id
        services.finish_calculation(session, period.id, at=NOON)

        assert browser.post(f"{where}/review", data={}).status_code == 303
        assert "Approve and issue" in browser.get(where).text
        assert browser.post(f"{where}/approval", data={}).status_code == 303
        assert "Waiting to begin" in browser.get(where).text
        drain(session)

        assert browser.get(f"{where}/progress").headers["HX-Refresh"] == "true"
        assert "500.00" in browser.get("/statements").text

    def test_pays(self, session, statement, sign_in, finance_user):
        first, _ = calculator_and_approver(session)
        period = queries.period(session, statement.period_id)
        services.pay(session, period.id, actor=first, at=NOON)
        browser, where = sign_in(finance_user), f"/commission/{period.id}"

        for path in ("payouts/approval", "payouts/exports"):
            assert browser.post(f"{where}/{path}", data={}).status_code == 303
        (export,) = queries.exports_of(session, period.id)
        file = browser.post(f"/commission/exports/{export.id}/xml", data={})
        assert b"pain.001" in file.data
        assert "pain.001" in browser.get(where).text
        assert browser.post(f"{where}/payouts/settlement", data={}).status_code == 303
        assert browser.post(f"{where}/closure", data={}).status_code == 303

        assert "Closed" in browser.get(where).text

    def test_is_told_who_else_approves(self, session, sign_in, finance_user):
        period, actor = make_period(session), actor_of(finance_user)
        services.calculate_now(session, period.id, actor=actor, at=NOON)
        services.send_to_review(session, period.id, actor=actor, at=NOON)
        browser = sign_in(finance_user)

        assert "a second person of finance" in browser.get(f"/commission/{period.id}").text
        assert browser.post(f"/commission/{period.id}/approval", data={}).status_code == 403

    def test_corrects_names(self, session, statement, sign_in, finance_user, partner):
        partner.legal_name = "Renamed GmbH"
        session.flush()
        browser = sign_in(finance_user)

        answer = browser.post(f"/statements/{statement.id}/correction", data={"reason": "New name"})

        text = browser.get(answer.location).text
        assert "Renamed GmbH" in text
        assert statement.number in text

    @pytest.mark.parametrize(
        "path",
        ["/commission", "/statements", "/statements.csv", "/disputes", "/disputes?state=all"],
    )
    def test_reads_its_lists(self, session, statement, sign_in, finance_user, path):
        assert sign_in(finance_user).get(path).status_code == 200

    def test_decides_on_a_dispute(self, session, statement, partner, sign_in, finance_user):
        line = queries.lines(session, statement)[0]
        admin = actor_of(make_user(session, Role.PARTNER_ADMIN, partner_id=partner.id))
        found = services.raise_dispute(session, line.id, reason="Wrong", expected_minor=120_000,
                                       actor=admin, at=NOON)  # fmt: skip
        make_period(session, statement.period_until)
        browser, where = sign_in(finance_user), f"/disputes/{found.id}"

        assert browser.post(f"{where}/review", data={}).status_code == 303
        assert "Decline" in browser.get(where).text
        data = {"decision": "You are right.", "granted": "1100.00"}
        assert browser.post(f"{where}/acceptance", data=data).status_code == 303

        assert "You are right." in browser.get(where).text
        assert sum(row.adjustment for row in queries.sums_of(session, statement.period_until))


def test_pages_ask_few_questions(session, statement, sign_in, finance_user):
    browser = sign_in(finance_user)
    for path in ("/commission", f"/commission/{statement.period_id}", "/statements",
                 f"/statements/{statement.id}", "/disputes"):  # fmt: skip
        with Counted(session) as asked:
            browser.get(path)
        assert len(asked) <= 12, (path, asked)


class Counted:
    def __init__(self, session):
        self.connection, self.asked = session.connection(), []

    def __enter__(self):
        event.listen(self.connection, "before_cursor_execute", self._note)
        return self.asked

    def __exit__(self, *_):
        event.remove(self.connection, "before_cursor_execute", self._note)

    def _note(self, _c, _cursor, statement, *_):
        if statement.startswith("SELECT") and "set_config" not in statement:
            self.asked.append(statement[:90])


def _still(text: str) -> str:
    """Return a page without what differs at each request."""
    return re.sub(r'value="[^"]*"|[0-9a-f-]{36}|[0-9a-f]{12,}', "", text)
