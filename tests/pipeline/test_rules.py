"""Stages x acts, exit criteria, past days and what stands still."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.transitions import TransitionRefused
from app.pipeline.rules import (
    CATEGORY_OF,
    CRITERIA,
    FINAL_STAGES,
    OPEN_STAGES,
    PARTICIPATION,
    AlreadyThere,
    Change,
    Facts,
    Move,
    Stage,
    StageIsFinal,
    as_of,
    checklist,
    is_push,
    marks,
    missing,
    missing_on_the_way,
    move_between,
    next_stage,
)
from app.pipeline.rules import (
    ParticipantAct as Act,
)
from app.pipeline.rules import (
    ParticipantState as State,
)

P, Q, T, B, C, W, L = Stage
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WHOLE = Facts(
    today=DAY,
    amount_minor=100,
    close_on=DAY,
    decision_on=DAY,
    next_step="Call",
    problem="Routes by hand",
    lines=2,
    lines_minor=100,
    accepted=1,
    engaged=1,
)
A, K, N, E = Move.ADVANCE, Move.MOVE_BACK, Move.WIN, Move.LOSE
TABLE = {
    #  to: P  Q  T  B  C  W  L
    P: (None, A, A, A, A, N, E),
    Q: (K, None, A, A, A, N, E),
    T: (K, K, None, A, A, N, E),
    B: (K, K, K, None, A, N, E),
    C: (K, K, K, K, None, N, E),
}


class TestMoves:
    @pytest.mark.parametrize("before", OPEN_STAGES)
    @pytest.mark.parametrize("place", range(len(Stage)))
    def test_the_way_between_two_stages(self, before, place):
        after, expected = list(Stage)[place], TABLE[before][place]

        if expected is None:
            with pytest.raises(AlreadyThere):
                move_between(before, after)
        else:
            assert move_between(before, after) is expected

    @pytest.mark.parametrize("before", FINAL_STAGES)
    @pytest.mark.parametrize("after", list(Stage))
    def test_nothing_leads_on_from_the_end(self, before, after):
        with pytest.raises(StageIsFinal):
            move_between(before, after)

    def test_one_stage_follows_another_up_to_the_win(self):
        assert [next_stage(stage) for stage in Stage] == [Q, T, B, C, W, None, None]

    def test_every_stage_has_its_category(self):
        assert set(CATEGORY_OF) == set(Stage)


class TestCriteria:
    @pytest.mark.parametrize("stage", list(Stage))
    def test_nothing_is_missing_where_all_is_known(self, stage):
        assert missing(stage, WHOLE) == []

    @pytest.mark.parametrize(
        ("stage", "lacking", "sentence"),
        [
            (Q, {"amount_minor": 0}, "Give an amount above zero."),
            (Q, {"close_on": None}, "Say when it should close."),
            (Q, {"next_step": ""}, "Name the next step."),
            (T, {"lines": 0}, "Add at least one product line."),
            (T, {"problem": ""}, "Describe the customer’s problem."),
            (B, {"decision_on": None}, "Say when the customer decides."),
            (B, {"next_step": ""}, "Name the next step."),
            (C, {"close_on": DAY - timedelta(days=1)}, "Set a close date that has not passed."),
            (C, {"close_on": None}, "Set a close date that has not passed."),
            (W, {"lines_minor": 99}, "Make the product lines add up to the amount."),
            (W, {"lines": 0, "lines_minor": 0, "amount_minor": 0},
             "Make the product lines add up to the amount."),
        ],
    )  # fmt: skip
    def test_each_gap_is_named(self, stage, lacking, sentence):
        assert missing(stage, replace(WHOLE, **lacking)) == [sentence]

    @pytest.mark.parametrize(
        ("accepted", "engaged", "is_met"), [(0, 0, True), (0, 1, False), (1, 1, True), (1, 2, True)]
    )
    def test_committed_wants_an_accepted_partner_or_none_at_all(self, accepted, engaged, is_met):
        facts = replace(WHOLE, accepted=accepted, engaged=engaged)

        assert (missing(C, facts) == []) is is_met

    @pytest.mark.parametrize("stage", list(Stage))
    def test_the_checklist_shows_every_criterion(self, stage):
        shown = checklist(stage, Facts(today=DAY))

        assert [check.code for check in shown] == [one.code for one in CRITERIA.get(stage, ())]

    def test_the_way_forward_asks_what_each_stage_asks_and_each_once(self):
        gaps = missing_on_the_way(P, W, Facts(today=DAY))

        assert len(gaps) == len(set(gaps))
        for stage in (Q, T, B, C, W):
            assert set(missing(stage, Facts(today=DAY))) <= set(gaps)


class TestParticipation:
    @pytest.mark.parametrize("state", list(State))
    @pytest.mark.parametrize("act", list(Act))
    def test_states_and_acts(self, state, act):
        expected = {
            (State.INVITED, Act.ACCEPT): State.ACCEPTED,
            (State.INVITED, Act.DECLINE): State.DECLINED,
            (State.DECLINED, Act.INVITE): State.INVITED,
        }.get((state, act))

        if expected is None:
            with pytest.raises(TransitionRefused):
                PARTICIPATION.next(state, act)
        else:
            assert PARTICIPATION.next(state, act) is expected


@pytest.mark.parametrize(
    ("before", "after", "pushed"),
    [(None, DAY, False), (DAY, None, False), (DAY, DAY, False),
     (DAY, DAY + timedelta(days=1), True), (DAY, DAY - timedelta(days=1), False)],
)  # fmt: skip
def test_a_close_date_that_moves_later_is_a_push(before, after, pushed):
    assert is_push(before, after) is pushed


@pytest.mark.parametrize(
    ("stage", "quiet_days", "close_in", "found"),
    [
        (P, 0, 10, []),
        (P, 30, 0, []),
        (P, 31, 10, ["Quiet for 31 days"]),
        (P, 0, -1, ["Close date passed"]),
        (C, 40, -1, ["Close date passed", "Quiet for 40 days"]),
        (P, 0, None, []),
        (W, 400, -400, []),
        (L, 400, -400, []),
    ],
)
def test_what_stands_still_says_why(stage, quiet_days, close_in, found):
    close_on = None if close_in is None else DAY + timedelta(days=close_in)

    assert marks(stage, NOON - timedelta(days=quiet_days), close_on, NOON) == found


changes = st.builds(
    Change,
    opportunity_id=st.sampled_from([UUID(int=number) for number in range(3)]),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 9), timezones=st.just(UTC)),  # noqa: DTZ001
    position=st.integers(0, 9),
    stage=st.sampled_from(Stage),
    currency=st.just("EUR"),
    amount_minor=st.integers(0, 10**9),
    close_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
one_at_a_time = st.lists(changes, max_size=20, unique_by=lambda one: one.position)


class TestAsOf:
    @given(one_at_a_time, st.dates(date(2025, 12, 30), date(2026, 1, 12)))
    def test_is_what_replaying_everything_up_to_that_day_gives(self, happened, day):
        replayed = {}
        for one in sorted(happened, key=lambda one: (one.at, one.position)):
            if one.at.date() <= day:
                replayed[one.opportunity_id] = one

        assert as_of(happened, day) == replayed

    @given(one_at_a_time, st.randoms())
    def test_does_not_depend_on_the_order_of_reading(self, happened, chance):
        shuffled = list(happened)
        chance.shuffle(shuffled)

        assert as_of(shuffled, date(2026, 1, 5)) == as_of(happened, date(2026, 1, 5))

    @given(one_at_a_time)
    def test_what_happens_later_leaves_the_past_alone(self, happened):
        day = date(2026, 1, 4)
        until_then = [one for one in happened if one.at.date() <= day]

        assert as_of(happened, day) == as_of(until_then, day)
