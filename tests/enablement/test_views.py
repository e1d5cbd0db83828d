"""The library and the certificates in a browser."""

import io
import re
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.rules import PARTNER_ROLES, VENDOR_ROLES, Role
from app.enablement.models import Certificate, LibraryItem
from app.kernel.clock import now
from tests.factories.enablement import make_certificate, make_item
from tests.factories.files import PDF, PNG
from tests.factories.identity import make_user
from tests.factories.partners import make_partner, make_programme, make_tier

EDITORS = (Role.CHANNEL_LEAD, Role.ADMIN)


@pytest.fixture
def programme(session):
    return make_programme(session)


@pytest.fixture
def gold(session, programme):
    return make_tier(session, programme, name="Gold", rank=2)


@pytest.fixture
def partner(session, programme):
    return make_partner(session, make_tier(session, programme, name="Silver", rank=1))


@pytest.fixture
def reader(session, partner, sign_in):
    return sign_in(make_user(session, Role.PARTNER_MEMBER, partner_id=partner.id))


@pytest.fixture
def lead(sign_in, user):
    return sign_in(user(Role.CHANNEL_LEAD))


def without_trace(answer, path):
    """Return the body of a page without what names the request."""
    body = re.sub(r'(name="(?:idempotency_key|csrf_token)" value=")[^"]+', "", answer.text)
    return re.sub(r"<code>\w{12}</code>", "", body).replace(path, "")


class TestReading:
    def test_shows_markdown_safely(self, session, reader):
        item = make_item(session, body="# Begin\n<script>alert(1)</script>\n[x](javascript:1)")

        text = reader.get(f"/library/{item.slug}").text
        assert "<h2>Begin</h2>" in text
        assert "<script>alert" not in text
        assert 'href="javascript' not in text

    def test_names_what_a_higher_tier_opens(self, session, reader, gold):
        item = make_item(session, tier_id=gold.id, title="Price book")

        text = reader.get("/library").text
        assert "Price book" in text
        assert "Opens with tier Gold" in text
        assert f"/library/{item.slug}" not in text

    @pytest.mark.parametrize("path", ["", "/file"])
    def test_answers_alike_for_closed_draft_foreign_and_unknown(self, session, reader, gold, path):
        closed = make_item(session, tier_id=gold.id, file=PDF)
        draft = make_item(session, published=False, file=PDF)
        foreign = make_item(session, tier_id=make_tier(session).id, file=PDF)
        urls = [f"/library/{slug}{path}" for slug in
                (closed.slug, draft.slug, foreign.slug, "nothing-here")]  # fmt: skip

        answers = [reader.get(url) for url in urls]
        assert {answer.status_code for answer in answers} == {404}
        assert len({without_trace(*pair) for pair in zip(answers, urls, strict=True)}) == 1

    def test_hands_out_a_file_as_an_attachment(self, session, reader):
        item = make_item(session, file=PDF)

        answer = reader.get(f"/library/{item.slug}/file")
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_finds_no_file_where_there_is_none(self, session, reader):
        assert reader.get(f"/library/{make_item(session).slug}/file").status_code == 404

    @pytest.mark.parametrize("asked", ["q=%25", "kind=video", "programme=x", "q=zzz", "kind=file"])
    def test_bears_any_question(self, session, lead, asked):
        make_item(session)

        assert lead.get(f"/library?{asked}").status_code == 200

    @pytest.mark.parametrize("role", sorted(VENDOR_ROLES | PARTNER_ROLES))
    def test_is_for_everybody(self, session, sign_in, user, role):
        make_item(session, title="For all")
        browser = sign_in(user(role))

        text = browser.get("/library").text
        assert "For all" in text
        assert ("/library/new" in text) is (role in EDITORS)
        assert browser.get("/certificates").status_code == 200


class TestEditing:
    FORM: ClassVar = {"title": "How to sell", "kind": "page", "body": "Well.", "programme_id": "",
                      "tier_id": ""}  # fmt: skip

    def test_adds_a_draft_and_publishes_it(self, session, lead):
        answer = lead.post("/library", data=self.FORM)

        assert (answer.status_code, answer.location) == (303, "/library/how-to-sell")
        item = session.scalars(select(LibraryItem)).one()
        for act, published in (("publication", True), ("withdrawal", False)):
            lead.post(f"/library/items/{item.id}/{act}")
            assert (item.published_at is not None) is published

    def test_takes_a_file(self, session, lead):
        file = {"upload": (io.BytesIO(PDF), "book.pdf"), "kind": "file", "body": ""}
        lead.post("/library", data={**self.FORM, **file})

        assert lead.get("/library/how-to-sell/file").data == PDF

    @pytest.mark.parametrize(
        ("name", "content"), [("book.pdf", PNG), ("book.exe", PDF), ("book.pdf", b"")]
    )
    def test_refuses_a_file_of_the_wrong_kind(self, session, lead, name, content):
        file = {"upload": (io.BytesIO(content), name), "kind": "file"}

        answer = lead.post("/library", data={**self.FORM, **file})
        assert answer.status_code == 422
        assert session.scalars(select(LibraryItem)).all() == []

    @pytest.mark.parametrize(
        "over",
        [
            {"title": ""},
            {"title": "x" * 161},
            {"slug": "../x"},
            {"slug": "new"},
            {"kind": "video"},
            {"programme_id": "x"},
            {"tier_id": str(UUID(int=404))},
            {"valid_until": "31.12.2026"},
            {"body": "x" * 60_001},
        ],
    )
    def test_refuses_what_cannot_be(self, session, lead, over):
        assert lead.post("/library", data={**self.FORM, **over}).status_code == 422
        assert session.scalars(select(LibraryItem)).all() == []

    def test_saves_under_its_version(self, session, lead):
        item = make_item(session, body="Old")
        url, data = f"/library/items/{item.id}", {**self.FORM, "slug": item.slug}

        stale = lead.post(url, data={**data, "version": item.version - 1})
        assert (stale.status_code, "<del>Old</del>" in stale.text) == (409, True)
        assert lead.post(url, data={**data, "version": item.version}).status_code == 303
        assert item.body == "Well."
        assert "How to sell" in lead.get(url).text

    def test_refuses_to_publish_nothing(self, session, lead):
        item = make_item(session, body="", published=False)

        answer = lead.post(f"/library/items/{item.id}/publication")
        assert answer.status_code == 409

    def test_finds_no_item_that_is_not_there(self, lead):
        assert lead.get(f"/library/items/{UUID(int=404)}").status_code == 404

    @pytest.mark.parametrize("role", sorted((VENDOR_ROLES | PARTNER_ROLES) - set(EDITORS)))
    def test_is_for_leads_and_admins(self, sign_in, user, role):
        browser = sign_in(user(role))
        expected = 404 if role in PARTNER_ROLES else 403

        for path in ("/library/new", "/certificates/new"):
            assert browser.get(path).status_code == expected
        assert browser.post("/library", data=self.FORM).status_code == expected


class TestCertificates:
    def test_show_a_partner_its_own_only(self, session, reader, partner):
        own = make_certificate(session, partner, holder="Grace")
        other = make_certificate(session, make_partner(session), holder="Zuse")

        text = reader.get("/certificates").text
        assert ("Grace" in text, "Zuse" in text) == (True, False)
        assert own.number in text
        paths = [f"/certificates/{key}.pdf" for key in (other.id, UUID(int=404))]
        bodies = {without_trace(reader.get(path), path) for path in paths}
        assert len(bodies) == 1

    @pytest.mark.parametrize(("state", "shown"), [("live", False), ("expired", True), ("x", True)])
    def test_are_filtered_by_state(self, session, lead, partner, state, shown):
        make_certificate(session, partner, valid_until=now().date() - timedelta(days=1))

        text = lead.get(f"/certificates?state={state}&q=ada").text
        assert (partner.name in text) is shown

    def test_are_awarded_to_a_person(self, session, lead, partner):
        person = make_user(session, Role.PARTNER_MEMBER, partner_id=partner.id, name="Grace")
        today = now().date()
        data = {"user_id": str(person.id), "subject": "Sales", "awarded_on": today.isoformat(),
                "valid_until": (today + timedelta(days=365)).isoformat()}  # fmt: skip

        assert person.name in lead.get(f"/certificates/new?partner={partner.id}").text
        answer = lead.post(f"/partners/{partner.id}/certificates", data=data)
        made = session.scalars(select(Certificate)).one()
        assert (answer.status_code, made.holder) == (303, "Grace")
        assert "Grace" in lead.get(f"/partners/{partner.id}/certificates").text

    @pytest.mark.parametrize(
        "over",
        [
            {"user_id": str(UUID(int=404))},
            {"user_id": "x"},
            {"subject": ""},
            {"valid_until": "2026-01-01"},
            {"awarded_on": "soon"},
            {"valid_until": ""},
        ],
    )
    def test_refuse_what_cannot_be(self, session, lead, partner, over):
        person = make_user(session, Role.PARTNER_MEMBER, partner_id=partner.id)
        data = {"user_id": str(person.id), "subject": "Sales", "awarded_on": "2026-01-01",
                "valid_until": "2027-01-01", **over}  # fmt: skip

        answer = lead.post(f"/partners/{partner.id}/certificates", data=data)
        assert answer.status_code == 422
        assert session.scalars(select(Certificate)).all() == []

    @pytest.mark.parametrize("asked", ["", "?partner=x", "?partner={0}"])
    def test_ask_for_the_partner_first(self, lead, partner, asked):
        assert lead.get(f"/certificates/new{asked.format(partner.id)}").status_code == 200

    def test_go_onto_paper(self, session, reader, partner):
        certificate = make_certificate(session, partner)

        answer = reader.get(f"/certificates/{certificate.id}.pdf")
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
