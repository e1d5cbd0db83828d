"""Pages of the pipeline: the board, one opportunity, the list."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.access.rules import Role
from app.pipeline.models import InternalNote, Opportunity, SharedNote
from app.pipeline.rules import ParticipantState, Stage
from tests.factories.clockwork import NOON
from tests.factories.pipeline import make_opportunity, make_participant

ACCEPTED, INVITED = ParticipantState.ACCEPTED, ParticipantState.INVITED


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

    @pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-01-01", "0001-01-01", "%25"])
    def test_says_so_where_the_day_cannot_be(self, manager, day):
        answer = manager.get(f"/pipeline/list?on={day}")

        assert answer.status_code == 200
        assert "This is the list of today." in answer.text

    @pytest.mark.parametrize(
        "query",
        ["sort=-amount", "sort=nothing", "stage=zzz", "owner=1", "partner=x", "category=%25",
         "page=99999999999999999999", "page=-1", "q=%25%27", "stalled=1", "sort=customer"],
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
