"""Pages of the pipeline: who sees what, moves, forms, bad input."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from app.access.rules import Role
from app.pipeline.models import InternalNote, Opportunity, SharedNote
from app.pipeline.rules import ParticipantState, Stage
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_product
from tests.factories.clockwork import NOON
from tests.factories.partners import make_partner
from tests.factories.pipeline import make_opportunity, make_participant

ACCEPTED, INVITED = ParticipantState.ACCEPTED, ParticipantState.INVITED


@pytest.fixture
def manager(sign_in, user):
    return sign_in(user(Role.CHANNEL_MANAGER))


@pytest.fixture
def partner(session):
    return make_partner(session, name="Alpenroute Partner AG")


@pytest.fixture
def member(sign_in, user, partner):
    return sign_in(user(Role.PARTNER_MEMBER, partner_id=partner.id))


def without_ids(answer):
    """The page without what is new at each request."""
    return re.sub(rb"[0-9a-f-]{12,36}", b"", answer.data)


class TestBoard:
    def test_shows_each_open_opportunity_with_a_form_that_moves_it(self, manager, session):
        opportunity = make_opportunity(session)

        page = manager.get("/pipeline").text

        assert "Routing for three depots" in page
        assert f'action="/pipeline/{opportunity.id}/stage"' in page
        assert page.index('<option value="qualified">') < page.index('<option value="committed">')

    def test_moves_a_card_without_javascript(self, manager, session):
        opportunity = make_opportunity(session)

        answer = manager.post(f"/pipeline/{opportunity.id}/stage", data={"stage": "qualified"})

        assert answer.status_code == 303
        assert session.get(Opportunity, opportunity.id).stage is Stage.QUALIFIED

    def test_says_what_is_missing_and_keeps_the_card(self, manager, session):
        opportunity = make_opportunity(session, next_step="")

        answer = manager.post(f"/pipeline/{opportunity.id}/stage", data={"stage": "qualified"})

        assert answer.status_code == 422
        assert b"Name the next step." in answer.data

    def test_asks_why_a_card_dropped_on_lost_was_lost(self, manager, session):
        address = f"/pipeline/{make_opportunity(session).id}/stage"

        asked = manager.post(address, data={"stage": "closed_lost"})
        done = manager.post(address, data={"stage": "closed_lost", "loss_reason": "price"})

        assert (asked.status_code, done.status_code) == (422, 303)
        assert b"Choose why it was lost." in asked.data

    def test_onlookers_of_the_vendor_get_no_forms(self, sign_in, user, session):
        opportunity = make_opportunity(session)
        analyst = sign_in(user(Role.ANALYST))

        assert b"data-move" not in analyst.get("/pipeline").data
        moved = analyst.post(f"/pipeline/{opportunity.id}/stage", data={"stage": "qualified"})
        assert moved.status_code == 403

    def test_is_empty_at_first(self, manager, sign_in, user):
        assert b"Nothing in the pipeline" in manager.get("/pipeline").data
        assert b"invited to take part" in sign_in(user(Role.PARTNER_ADMIN)).get("/pipeline").data


class TestWhatPartnersSee:
    def test_their_own_and_nothing_of_others(self, member, session, partner):
        own = make_opportunity(session, title="Own deal")
        make_participant(session, own, partner_id=partner.id)
        rival = make_partner(session, name="Rivale SA")
        make_participant(session, own, partner_id=rival.id)
        make_opportunity(session, title="Foreign deal")

        for address in ("/pipeline", "/pipeline/list", f"/pipeline/{own.id}", "/pipeline/list.csv"):
            page = member.get(address).text
            assert "Own deal" in page
            assert "Rivale" not in page
            assert "Foreign" not in page

    def test_foreign_and_unknown_answer_alike(self, member, session):
        foreign = make_opportunity(session)
        make_participant(session, foreign)

        answers = [member.get(f"/pipeline/{one}") for one in (foreign.id, uuid4())]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert without_ids(answers[0]) == without_ids(answers[1])

    def test_an_invited_one_learns_the_customer_when_it_accepts(self, member, session, partner):
        opportunity = make_opportunity(session, customer_name="Geheim GmbH", title="Geheim: routes")
        part = make_participant(session, opportunity, partner_id=partner.id, state=INVITED)
        addresses = ("/pipeline", "/pipeline/list", f"/pipeline/{opportunity.id}",
                     "/pipeline/list.csv", "/pipeline/list?q=Geheim")  # fmt: skip

        assert all("Geheim:" not in member.get(one).text for one in addresses)
        assert all("Geheim GmbH" not in member.get(one).text for one in addresses)
        address = f"/pipeline/{opportunity.id}/participants/{part.id}/acceptance"
        assert member.post(address).status_code == 303

        assert "Geheim GmbH" in member.get(f"/pipeline/{opportunity.id}").text

    def test_one_that_declined_sees_it_no_more(self, member, session, partner):
        opportunity = make_opportunity(session)
        part = make_participant(session, opportunity, partner_id=partner.id, state=INVITED)

        answer = member.post(f"/pipeline/{opportunity.id}/participants/{part.id}/refusal")

        assert answer.status_code == 303
        assert member.get(f"/pipeline/{opportunity.id}").status_code == 404

    def test_nobody_answers_for_another(self, member, session, partner):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id)
        theirs = make_participant(session, opportunity, state=INVITED)

        address = f"/pipeline/{opportunity.id}/participants/{theirs.id}/acceptance"

        assert member.post(address).status_code == 404

    def test_shared_notes_but_neither_internal_ones_nor_those_of_other_partners(
        self, member, session, partner, user
    ):
        opportunity = make_opportunity(session, category_reason="Verbal yes")
        make_participant(session, opportunity, partner_id=partner.id)
        writer, rival = user(Role.CHANNEL_MANAGER), user(Role.PARTNER_MEMBER)
        said = {"opportunity_id": opportunity.id, "at": NOON}
        session.add(SharedNote(text="For all", by_id=writer.id, **said))
        session.add(SharedNote(text="R1val", by_id=rival.id, partner_id=rival.partner_id, **said))
        session.add(InternalNote(text="S3cret", by_id=writer.id, **said))

        page = member.get(f"/pipeline/{opportunity.id}").text

        assert "For all" in page
        assert not re.search("S3cret|R1val|Verbal yes|Internal notes|Forecast", page)

    def test_they_write_shared_notes_and_name_the_next_step(self, member, session, partner):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id)
        address = f"/pipeline/{opportunity.id}"

        assert member.post(f"{address}/notes", data={"text": "We met them"}).status_code == 303
        step = {"next_step": "Send the offer"}
        assert member.get(f"{address}/next-step").status_code == 200
        assert member.post(f"{address}/next-step", data=step).status_code == 303

        page = member.get(address).text
        assert "We met them" in page
        assert "Send the offer" in page

    @pytest.mark.parametrize(
        ("verb", "path"),
        [
            ("get", "/edit"), ("post", ""), ("get", "/lines"), ("post", "/lines"),
            ("get", "/stage"), ("post", "/stage"), ("get", "/forecast"), ("post", "/forecast"),
            ("get", "/participants/new"), ("post", "/participants"), ("post", "/reopening"),
            ("post", "/internal-notes"),
        ],
    )  # fmt: skip
    def test_the_vendors_acts_are_not_theirs(self, member, session, partner, verb, path):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id)

        assert getattr(member, verb)(f"/pipeline/{opportunity.id}{path}").status_code == 404

    def test_onlookers_write_nothing(self, member, session, partner):
        opportunity = make_opportunity(session)
        make_participant(session, opportunity, partner_id=partner.id, state=INVITED)

        answer = member.post(f"/pipeline/{opportunity.id}/notes", data={"text": "Hello"})

        assert answer.status_code == 403


class TestShow:
    def test_holds_what_is_known_against_the_next_stage(self, manager, session):
        opportunity = make_opportunity(session, stage=Stage.QUALIFIED)

        page = manager.get(f"/pipeline/{opportunity.id}").text

        assert "Towards technical validation" in page
        assert "Add at least one product line." in page
        assert 'value="technical_validation"' not in page

    def test_offers_the_move_once_all_is_met(self, manager, session):
        opportunity = make_opportunity(session, stage=Stage.COMMITTED, lines=[1_000_000])

        assert "Close as won" in manager.get(f"/pipeline/{opportunity.id}").text

    @pytest.mark.parametrize("stage", list(Stage))
    def test_every_stage_has_a_page(self, manager, session, stage):
        opportunity = make_opportunity(session, stage=stage, lines=[400_000, 600_000])
        make_participant(session, opportunity, state=INVITED)
        lost = manager.get(f"/pipeline/{opportunity.id}")

        assert lost.status_code == 200
        assert ("Reopen" in lost.text) == (stage in (Stage.LAUNCHED, Stage.CLOSED_LOST))

    def test_keeps_both_kinds_of_notes_apart(self, manager, session):
        opportunity = make_opportunity(session)
        address = f"/pipeline/{opportunity.id}"

        assert manager.post(f"{address}/notes", data={"text": "Shared"}).status_code == 303
        assert manager.post(f"{address}/internal-notes", data={"text": "Ours"}).status_code == 303
        assert manager.post(f"{address}/notes", data={"text": " "}).status_code == 422
        assert manager.post(f"{address}/notes", data={"text": "x" * 4001}).status_code == 422

        assert session.scalars(select(SharedNote.text)).all() == ["Shared"]
        assert session.scalars(select(InternalNote.text)).all() == ["Ours"]

    def test_reopens_as_a_new_one(self, manager, session):
        lost = make_opportunity(session, stage=Stage.CLOSED_LOST)

        assert manager.post(f"/pipeline/{lost.id}/reopening").status_code == 303
        assert "Reopened as" in manager.get(f"/pipeline/{lost.id}").text
        assert manager.post(f"/pipeline/{lost.id}/reopening").status_code == 409

    @pytest.mark.parametrize("address", ["/pipeline", "/pipeline/list", "/pipeline/{id}"])
    def test_asks_the_database_at_most_twelve_times(self, manager, session, address):
        opportunity = make_opportunity(session, lines=[1, 2])
        for _ in range(3):
            make_participant(session, opportunity)
            make_opportunity(session)
        asked: list[str] = []
        note = lambda *args: asked.append(args[2])  # noqa: E731
        session.flush()
        event.listen(session.connection(), "before_cursor_execute", note)

        assert manager.get(address.format(id=opportunity.id)).status_code == 200

        event.remove(session.connection(), "before_cursor_execute", note)
        reads = [one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        assert len(reads) <= 12, len(reads)


class TestList:
    def test_filters_by_stage_partner_owner_and_words(self, manager, session):
        first = make_opportunity(session, title="Alpha", stage=Stage.COMMITTED)
        second = make_opportunity(session, title="Beta")
        part = make_participant(session, second)

        for query, there, absent in (
            ("stage=committed", "Alpha", "Beta"),
            (f"partner={part.partner_id}", "Beta", "Alpha"),
            (f"owner={first.owner_id}", "Alpha", "Beta"),
            ("q=beta", "Beta", "Alpha"),
            ("category=commit", "Alpha", "Beta"),
        ):
            page = manager.get(f"/pipeline/list?{query}").text
            assert there in page, query
            assert absent not in page, query

    def test_shows_a_past_day_as_it_was(self, manager, session):
        opportunity = make_opportunity(session, opened_at=NOON - timedelta(days=60), title="Old")
        manager.post(f"/pipeline/{opportunity.id}/stage", data={"stage": "qualified"})

        page = manager.get("/pipeline/list?on=2026-01-31&stage=prospect").text

        assert "Pipeline on 31 Jan 2026" in page
        assert "Old" in page
        assert "Old" not in manager.get("/pipeline/list?on=2025-12-01&stage=all").text

    @pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-01-01", "0001-01-01", "%00"])
    def test_says_so_where_the_day_cannot_be(self, manager, day):
        answer = manager.get(f"/pipeline/list?on={day}")

        assert answer.status_code == 200
        assert "This is the list of today." in answer.text

    @pytest.mark.parametrize(
        "query",
        ["sort=-amount", "sort=nothing", "stage=zzz", "owner=1", "partner=x", "category=%00",
         "page=99999999999999999999", "page=-1", "q=%25%00%27", "stalled=1", "sort=customer"],
    )  # fmt: skip
    def test_takes_any_address(self, manager, session, query):
        make_opportunity(session)

        assert manager.get(f"/pipeline/list?{query}").status_code == 200

    def test_is_exported_as_shown(self, manager, session):
        make_opportunity(session, title="=1+1", stage=Stage.COMMITTED)
        make_opportunity(session, title="Beta")

        table = manager.get("/pipeline/list.csv?stage=committed").text
        book = manager.get("/pipeline/list.xlsx?stage=committed")

        assert "'=1+1" in table
        assert "Beta" not in table
        assert book.data.startswith(b"PK")


class TestForms:
    def test_starts_one_without_a_registration(self, manager, session):
        account = make_account(session, name="Brandt Logistik GmbH")
        data = {
            "title": "Routes",
            "account_id": account.id,
            "amount": "1,250.00",
            "currency": "EUR",
        }

        assert manager.get("/pipeline/new").status_code == 200
        assert manager.post("/pipeline", data=data).status_code == 303

        begun = session.scalars(select(Opportunity)).one()
        assert (begun.amount_minor, begun.customer_name) == (125_000, "Brandt Logistik GmbH")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""), ("title", "x" * 256), ("account_id", ""), ("account_id", "nonsense"),
            ("account_id", str(uuid4())), ("amount", ""), ("amount", "-5"), ("amount", "NaN"),
            ("amount", "1e309"), ("amount", "1.234"), ("currency", "XXZ"), ("currency", ""),
            ("close_on", "2020-01-01"), ("close_on", "31.12.2026"), ("next_step", "x" * 301),
            ("family_id", str(uuid4())), ("owner_id", "x"), ("problem", "x" * 2001),
            ("amount", "99999999999999999"),
        ],
    )  # fmt: skip
    def test_refuses_bad_input_with_a_sentence(self, manager, session, field, value):
        data = {"title": "Routes", "account_id": make_account(session).id, "amount": "10"}
        data |= {"currency": "EUR", field: value}

        assert manager.post("/pipeline", data=data).status_code == 422
        assert session.scalars(select(Opportunity)).all() == []

    def test_shows_both_values_to_whom_was_second(self, manager, session):
        opportunity = make_opportunity(session)
        address = f"/pipeline/{opportunity.id}"
        data = {"title": "First", "amount": "10000", "version": opportunity.version}
        assert manager.get(f"{address}/edit").status_code == 200

        saved = manager.post(address, data=data)
        late = manager.post(address, data={**data, "title": "Second"})

        assert (saved.status_code, late.status_code) == (303, 409)
        assert "Stored now: First" in late.text
        assert "Second" in late.text

    def test_sets_the_lines_and_refuses_stale_ones(self, manager, session):
        opportunity, product = make_opportunity(session), make_product(session)
        address = f"/pipeline/{opportunity.id}/lines"
        data = {"version": opportunity.version, "lines-0-product_id": product.id}
        data |= {"lines-0-quantity": "2", "lines-0-amount": "99.50", "lines-1-product_id": ""}
        assert manager.get(address).status_code == 200

        assert manager.post(address, data=data).status_code == 303
        assert session.get(Opportunity, opportunity.id).amount_minor == 9_950
        late = manager.post(address, data=data)

        assert late.status_code == 409
        assert product.name in late.text

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("quantity", "0"), ("quantity", "-1"), ("quantity", "1.5"), ("quantity", "9" * 30),
            ("quantity", ""), ("amount", "-1"), ("amount", ""), ("amount", "Infinity"),
            ("product_id", "x"), ("product_id", ""), ("product_id", str(uuid4())),
        ],
    )  # fmt: skip
    def test_refuses_lines_that_cannot_be(self, manager, session, field, value):
        opportunity = make_opportunity(session)
        line = {"product_id": make_product(session).id, "quantity": "1", "amount": "1"}
        line[field] = value
        data = {f"lines-0-{name}": entered for name, entered in line.items()}

        answer = manager.post(
            f"/pipeline/{opportunity.id}/lines", data={**data, "version": opportunity.version}
        )

        assert answer.status_code == 422

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("stage", {"stage": "nowhere"}), ("stage", {}), ("stage", {"stage": "launched"}),
            ("stage", {"stage": "closed_lost", "loss_reason": "x"}),
            ("forecast", {"category": "closed", "reason": "x"}), ("forecast", {}),
            ("forecast", {"category": "commit"}), ("participants", {}),
            ("participants", {"partner_id": str(uuid4()), "role": "source"}),
            ("next-step", {"next_step": " "}), ("next-step", {"next_step": "x" * 301}),
            ("internal-notes", {}), ("lines", {"version": "x"}), ("", {"version": "x"}),
        ],
    )  # fmt: skip
    def test_bad_input_is_answered_422(self, manager, session, path, data):
        opportunity = make_opportunity(session)

        answer = manager.post(f"/pipeline/{opportunity.id}/{path}".rstrip("/"), data=data)

        assert answer.status_code == 422

    @pytest.mark.parametrize("path", ["stage", "forecast", "participants/new", "next-step"])
    def test_each_small_form_has_a_page(self, manager, session, path):
        opportunity = make_opportunity(session)

        assert manager.get(f"/pipeline/{opportunity.id}/{path}").status_code == 200

    def test_invites_a_partner(self, manager, session, partner):
        opportunity = make_opportunity(session)
        address = f"/pipeline/{opportunity.id}"
        data = {"partner_id": partner.id, "role": "technical"}

        assert manager.post(f"{address}/participants", data=data).status_code == 303
        assert partner.name in manager.get(address).text
        assert manager.post(f"{address}/participants", data=data).status_code == 409

    def test_forecasts_otherwise(self, manager, session):
        opportunity = make_opportunity(session)
        data = {"category": "commit", "reason": "Verbal yes"}

        assert manager.post(f"/pipeline/{opportunity.id}/forecast", data=data).status_code == 303
        assert "Verbal yes" in manager.get(f"/pipeline/{opportunity.id}").text
