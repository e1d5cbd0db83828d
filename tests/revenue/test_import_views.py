"""Bringing files in the browser."""

import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.access.rules import Role
from app.revenue.models import Import, Payment
from tests.factories.revenue import make_invoice, make_order

HEAD = "source_id;invoice;amount;currency;received_on\n"


@pytest.fixture
def finance(sign_in, user):
    return sign_in(user(Role.FINANCE))


@pytest.fixture
def bill(session):
    return make_invoice(session, make_order(session))


def post(client, content, name="bank.csv", **over):
    asked = {"kind": "payments", "decimal": "comma", "days": "day_first", "source": "bank"}
    given = content if isinstance(content, bytes) else content.encode()
    file = FileStorage(io.BytesIO(given), name, "file")
    # Encoded here: the client would leave a large body's temporary file open.
    boundary, body = encode_multipart({**asked, "file": file, **over})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/imports", data=body, content_type=kind)


def rows(bill, *amounts):
    return HEAD + "".join(
        f"B{n};{bill.number};{amount};EUR;20.02.2026\n" for n, amount in enumerate(amounts)
    )


class TestBringing:
    def test_in_two_steps(self, session, finance, bill):
        brought = post(finance, rows(bill, "400,00", "1,50"))
        preview = finance.get(brought.location).text
        before = session.query(Payment).count()

        taken = finance.post(f"{brought.location}/taking", data={"rows": "all"})

        assert brought.status_code == taken.status_code == 303
        assert "401.50" in preview
        assert (before, session.query(Payment).count()) == (0, 2)
        assert "Taken" in finance.get(brought.location).text
        assert "bank.csv" in finance.get("/imports").text

    def test_bad_rows_wait_for_a_choice(self, session, finance, bill):
        where = post(finance, rows(bill, "400,00", "x")).location

        refused = finance.post(f"{where}/taking", data={"rows": "all"})
        unknown = finance.post(f"{where}/taking", data={"rows": "some"})

        assert refused.status_code == unknown.status_code == 422
        assert session.query(Payment).count() == 0
        assert finance.post(f"{where}/taking", data={"rows": "good"}).status_code == 303
        assert session.query(Payment).count() == 1

    def test_the_report_is_a_file(self, finance, bill):
        where = post(finance, rows(bill, "=1+1", "2,00")).location

        report = finance.get(f"{where}/report.csv").text

        assert report.splitlines()[1].startswith("bank.csv,2,amount,'=1+1,")

    def test_is_put_away(self, session, finance, bill):
        where = post(finance, rows(bill, "1,00")).location

        assert finance.post(f"{where}/removal").status_code == 303
        assert finance.post(f"{where}/taking", data={"rows": "all"}).status_code == 409
        assert session.query(Import).one().content is None

    def test_the_same_file_again_brings_nothing_new(self, finance, bill):
        first = post(finance, rows(bill, "1,00")).location
        finance.post(f"{first}/taking", data={"rows": "all"})

        again = post(finance, rows(bill, "1,00")).location

        assert "brings anything new" in finance.get(again).text
        assert finance.post(f"{again}/taking", data={"rows": "all"}).status_code == 422


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "bank.csv"),
            (b"%PDF-1.7", "bank.csv"),
            (b"PK\x03\x04", "bank.csv"),
            (b"PK\x03\x04", "bank.xlsx"),
            (b"\x81\xff\x00" * 50, "bank.csv"),
            (b"\xff\xfea", "bank.csv"),
            (b"source_id,source_id\n1,2\n", "bank.csv"),
            (b"name\nx\n", "bank.csv"),
            (b"\0" * 500, "bank.csv"),
            (b"a" * 2_000_000, "bank.csv"),
        ],
    )
    def test_are_refused_beside_the_field(self, session, finance, content, name):
        answer = post(finance, content, name)

        assert answer.status_code == 422
        assert 'id="error-file"' in answer.text
        assert session.query(Import).count() == 0

    def test_no_file_at_all_is_said(self, finance):
        answer = finance.post("/imports", data={"kind": "payments", "source": "bank"})

        assert answer.status_code == 422
        assert "Choose a file." in answer.text

    @pytest.mark.parametrize("over", [{"kind": "crm"}, {"source": ""}, {"days": "x"}])
    def test_strange_choices_are_refused(self, finance, bill, over):
        assert post(finance, rows(bill, "1,00"), **over).status_code == 422

    def test_a_file_of_100_mb_is_refused_in_a_sentence(self, finance):
        answer = post(finance, b"a" * 100_000_000)

        assert answer.status_code == 413
        assert "larger than this portal takes" in answer.text

    def test_a_megabyte_in_a_cell_is_a_bad_row(self, finance, bill):
        where = post(finance, rows(bill, "1" * 1_000_000)).location

        assert "1,000,000 characters" in finance.get(where).text


@pytest.mark.parametrize("role", [Role.PARTNER_ADMIN, Role.CHANNEL_MANAGER, Role.ANALYST])
def test_only_those_who_keep_the_books_bring_files(sign_in, user, role):
    answer = post(sign_in(user(role)), b"x")

    assert answer.status_code == (404 if role is Role.PARTNER_ADMIN else 403)
