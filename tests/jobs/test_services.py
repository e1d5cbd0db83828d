"""Asking for work, and running it in process."""

from uuid import UUID

import pytest
from sqlalchemy import text

from app.access.rules import SYSTEM
from app.db.engine import NOBODY, SYSTEM_SCOPE, Scope, set_scope
from app.jobs import queries
from app.jobs.registry import find, job
from app.jobs.rules import JobState
from app.jobs.runner import drain, hurry
from app.jobs.services import JobNotParked, discard, enqueue, retry
from app.kernel.errors import Broken, NotFound
from tests.jobs.work import NOON, all_traces, ask, committed, state_of, traces


class TestAskingForWork:
    def test_it_is_run_with_its_arguments(self, session):
        enqueue(session, "trial.act", what="mow")
        assert drain(session, at=NOON) == 1
        assert traces(session) == ["mow"]

    def test_nothing_is_asked_for_when_the_transaction_is_rolled_back(self, database):
        with database.session() as session:
            set_scope(session, SYSTEM_SCOPE)
            enqueue(session, "trial.act", what="mow")
        assert drain() == 0
        with committed() as session:
            assert session.scalar(text("SELECT count(*) FROM dbos.workflow_status")) == 0

    def test_it_reaches_the_engine_with_the_commit(self, database):
        ask("trial.act", key="1", what="mow")
        with committed() as session:
            found = session.scalars(text("SELECT workflow_uuid FROM dbos.workflow_status")).all()
        assert found == ["trial.act:1#1"]

    def test_the_same_key_is_the_same_job(self, session):
        first = enqueue(session, "trial.act", key="lawn", what="mow")
        assert enqueue(session, "trial.act", key="lawn", what="mow again") == first
        assert drain(session) == 1
        assert enqueue(session, "trial.act", key="lawn", what="mow") == first
        assert drain(session) == 0

    def test_identifiers_and_moments_arrive_as_text(self, session):
        job_id = enqueue(session, "trial.act", what=UUID(int=7), when=NOON)
        assert queries.one(session, job_id).kwargs == {
            "what": "00000000-0000-0000-0000-000000000007",
            "when": "2026-03-02T12:00:00+00:00",
        }

    @pytest.mark.parametrize("argument", [1.5, object(), {"a": 0.1}])
    def test_what_json_cannot_carry_exactly_is_refused(self, session, argument):
        with pytest.raises(Broken, match="cannot be an argument"):
            enqueue(session, "trial.act", what=argument)

    def test_an_unknown_name_is_refused(self, session):
        with pytest.raises(Broken, match="no job is named"):
            enqueue(session, "trial.nothing")

    @pytest.mark.parametrize("scope", [NOBODY, Scope("partner", (UUID(int=1),)), Scope("vendor")])
    def test_anybody_may_ask(self, session, scope):
        set_scope(session, scope)
        enqueue(session, "trial.act", what="mow")
        assert session.info["scope"] == scope
        assert drain(session) == 1

    def test_a_partner_does_not_see_the_list(self, session):
        enqueue(session, "trial.act", what="mow")
        set_scope(session, Scope("partner", (UUID(int=1),)))
        assert queries.recent(session) == []

    def test_two_functions_cannot_share_a_name(self):
        with pytest.raises(Broken, match="two jobs"):
            job("trial.act")(drain)
        assert find("trial.act").run.__name__ == "act_once"


class TestRunningInProcess:
    def test_a_job_may_ask_for_another(self, session):
        enqueue(session, "trial.ask", what="mow")
        assert drain(session) == 2
        assert traces(session) == ["mow again"]

    def test_each_key_is_done_once_and_then_the_end(self, session):
        job_id = enqueue(session, "trial.many", count=3)
        drain(session)
        assert traces(session) == ["key 000", "key 001", "key 002", "the end"]
        assert queries.progress(session, job_id) == (3, 3)

    def test_a_plan_without_keys_only_ends(self, session):
        enqueue(session, "trial.many", count=0)
        drain(session)
        assert traces(session) == ["the end"]

    def test_a_failure_is_raised(self, session):
        enqueue(session, "trial.fail", what="mow")
        with pytest.raises(ValueError, match="no luck"):
            drain(session)

    def test_a_failed_attempt_leaves_nothing_but_its_error(self, session):
        job_id = enqueue(session, "trial.fail", what="mow")
        drain(session, at=NOON, forgiving=True)
        run = queries.one(session, job_id)
        assert (run.state, run.attempts) == (JobState.WAITING, 1)
        assert run.error == "ValueError: no luck today"
        assert traces(session) == []

    def test_keys_done_before_a_failure_stay_done(self, session):
        job_id = enqueue(session, "trial.many", count=3, fail="key 001")
        drain(session, forgiving=True)
        assert traces(session) == ["key 000"]
        assert queries.progress(session, job_id) == (1, 3)

    def test_without_a_session_each_step_is_committed(self, database):
        job_id = ask("trial.many", count=2)
        drain()
        assert all_traces() == ["key 000", "key 001", "the end"]
        assert state_of(job_id) == "done"


def park(session) -> str:
    job_id = enqueue(session, "trial.fail", what="mow")
    for _ in range(5):
        drain(session, at=NOON, forgiving=True)
        hurry(session, job_id)
    session.expire_all()
    return job_id


class TestParkedJobs:
    def test_the_fifth_failure_parks(self, session):
        job_id = park(session)
        assert [run.id for run in queries.dead_letters(session)] == [job_id]
        assert queries.one(session, job_id).attempts == 5
        assert queries.counts(session) == {"dead": 1}

    def test_it_can_be_taken_up_again(self, session):
        run = retry(session, park(session), actor=SYSTEM, at=NOON)
        assert (run.state, run.attempts) == (JobState.QUEUED, 0)
        with pytest.raises(ValueError, match="no luck"):
            drain(session)

    def test_it_can_be_given_up(self, session):
        run = discard(session, park(session), actor=SYSTEM, at=NOON)
        assert (run.state, run.finished_at) == (JobState.DISCARDED, NOON)
        assert drain(session) == 0

    @pytest.mark.parametrize("decide", [retry, discard])
    def test_a_decision_is_recorded(self, session, decide):
        decide(session, park(session), actor=SYSTEM, at=NOON)
        session.flush()
        names = session.scalars(text("SELECT name FROM ledger_entry")).all()
        assert names in (["jobs.job.retried"], ["jobs.job.discarded"])

    @pytest.mark.parametrize("decide", [retry, discard])
    def test_only_a_parked_job_is_decided(self, session, decide):
        job_id = enqueue(session, "trial.act", what="mow")
        with pytest.raises(JobNotParked):
            decide(session, job_id, actor=SYSTEM, at=NOON)
        with pytest.raises(NotFound):
            decide(session, "trial.act:none", actor=SYSTEM, at=NOON)
