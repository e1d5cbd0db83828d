"""The calculation: facts and plan versions in, lines and reasons for nothing out."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from app.incentives.engine.advances import advance
from app.incentives.engine.check import refuse_overlaps
from app.incentives.engine.competing import InForce
from app.incentives.engine.facts import CreditedEvent, Facts
from app.incentives.engine.gates import gated
from app.incentives.engine.knowledge import collection_days, known, with_orders
from app.incentives.engine.lines import Nothing, Result
from app.incentives.engine.pay import consider
from app.incentives.engine.plan import PlanVersion
from app.incentives.engine.reverse import reverse
from app.incentives.engine.settle import choose, lose, settle
from app.incentives.engine.state import Place, Rates, State
from app.incentives.engine.watching import Watch


def calculate(
    facts: Facts,
    plans: Iterable[PlanVersion],
    as_of: datetime,
    *,
    watch: Watch = iter,
    traced: bool = True,
) -> Result:
    """Return every line and every reason for nothing, as known and due at ``as_of`` (aware).

    Records made after ``as_of`` and events dated after its day are not looked at. The order in
    which facts and plans are given does not matter, and a second run gives equal lines. Unless they
    are ``traced``, lines come sooner, and the trace of each tells little but its kind.

    :raises ContradictingEvents: if two records of an event, made at the same moment, differ
    :raises OverlappingVersions: if two versions of one plan are in force on the same day
    """
    versions = sorted(plans, key=lambda plan: (plan.code, plan.version))
    refuse_overlaps(versions)
    today = as_of.astimezone(UTC).date()
    events = with_orders(event for event in known(facts, as_of) if event.on <= today)
    partners = {partner.id: partner for partner in facts.partners}
    state = State(events, today, partners, Rates(facts.rates), collection_days(events), traced)
    in_force = InForce(versions)
    for event in watch(events):
        if event.kind.reverses:
            _take_back(state, versions, event)
        else:
            _pay(state, in_force, event)
    lines = [*state.lines, *advance(state.lines, versions, partners, today)]
    return Result(gated(lines, versions, facts.blocks, today), tuple(state.nothing))


def _pay(state: State, in_force: InForce, event: CreditedEvent) -> None:
    """Pay a positive event under every plan in force on its day."""
    groups = in_force.on(event.on)
    for places in groups:
        _pay_group(state, places, event)
    if not groups:
        state.nothing.append(no_plan(event))


def _pay_group(state: State, places: list[Place], event: CreditedEvent) -> None:
    considered = [consider(state, place, event) for place in places]
    candidates = [each for each in considered if each is not None]
    if not candidates:
        return
    winner = choose(candidates)
    settle(state, winner)
    for loser in candidates:
        if loser is not winner:
            lose(state, loser, winner)


def _take_back(state: State, versions: Sequence[PlanVersion], event: CreditedEvent) -> None:
    """Take an event back under the versions that paid it, whatever is in force now."""
    places = dict(state.places.get((event.partner_id, event.order_id), {}))
    for plan in versions:
        if plan.contains(event.on):
            for component in plan.components:
                places.setdefault((plan.code, component.code), (plan, component))
    for _, place in sorted(places.items(), key=lambda item: item[0]):
        reverse(state, place, event)
    if not places:
        state.nothing.append(no_plan(event))


def no_plan(event: CreditedEvent) -> Nothing:
    """Return the reason for nothing where no plan is in force."""
    return Nothing(
        plan="",
        version=0,
        component="",
        partner_id=event.partner_id,
        event_key=event.key,
        order_id=event.order_id,
        code="no_plan",
        words="No plan is in force on that day.",
    )
