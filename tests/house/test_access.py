"""Every route, every role, every kind of object: nobody gets further than the table says."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from werkzeug.routing import Rule

from app.access.guard import current_session, public
from app.access.rules import PARTNER_ROLES, Role
from tests.house.sides import CANARY, Ids, Side, unknown
from tests.house.walk import Answer, Town, none, rules_of, verb_of

PARTNERS = sorted(PARTNER_ROLES)
NAMES_NOTHING = {"filename", "kind", "brought"}
"""Arguments that are no identifiers: an unknown one is an answer like any other."""
NAMED_BY_THE_BROWSER = {"deals.autosave"}
"""A draft has its identifier before it is kept: an unknown one is a new draft."""
SEEN = frozenset({"signed_in_session", "attempt"})
"""Tables that note the visit itself."""


def open_to(town: Town, role: Role | None) -> list[Rule]:
    return [rule for rule in rules_of(town.app) if town.may(rule, role)]


def shut_to(town: Town, role: Role | None) -> list[Rule]:
    return [rule for rule in rules_of(town.app) if not town.may(rule, role)]


def objects(rule: Rule) -> bool:
    return bool(rule.arguments - NAMES_NOTHING)


def asked(town: Town, role: Role | None, rule: Rule, values: Ids) -> Answer:
    return town.ask(role, verb_of(rule), town.url(rule, values))


def own(town: Town, rule: Rule) -> list[Ids]:
    return town.world.own.arguments(rule.arguments, town.world.shared)


def line(rule: Rule, answer: Answer, *more: object) -> str:
    end = answer.words[-1500:] if answer.status >= 500 else ""
    return f"{verb_of(rule)} {rule.rule} {answer.status} {more} {end}"


def test_every_route_has_a_guard_and_one_verb(walked):
    loose = [rule.rule for rule in rules_of(walked.app) if walked.guard(rule) == "NONE"]
    verbs = {rule.rule: rule.methods & {"GET", "POST"} for rule in rules_of(walked.app)}
    several = [path for path, found in verbs.items() if len(found) != 1]

    assert (loose, several) == ([], [])


def test_the_world_has_something_for_every_argument(walked):
    known = walked.world.own.ids.keys() | walked.world.shared.keys()

    assert {name for rule in rules_of(walked.app) for name in rule.arguments} - known == set()


def test_a_stranger_is_sent_to_the_door(walked):
    wrong = []
    for rule in shut_to(walked, None):
        answer = asked(walked, None, rule, own(walked, rule)[0])
        if answer.status != 303 or not answer.location.startswith("/sign-in?next="):
            wrong.append(line(rule, answer, answer.location))

    none(wrong)


def test_a_stranger_reads_what_is_public(walked):
    wrong = []
    for rule in open_to(walked, None):
        for values in own(walked, rule):
            answer = asked(walked, None, rule, values)
            if answer.status >= 500 or CANARY in answer.words:
                wrong.append(line(rule, answer))

    none(wrong)


@pytest.mark.parametrize("role", Role)
def test_without_the_permission_there_is_no_way_in(walked, role):
    nothing = walked.ask(role, "GET", "/no-such-page").shape({})
    wrong = []
    for rule in shut_to(walked, role):
        values = own(walked, rule)[0]
        answer = asked(walked, role, rule, values)
        if answer.status != (404 if role in PARTNER_ROLES else 403):
            wrong.append(line(rule, answer))
        elif role in PARTNER_ROLES and verb_of(rule) == "GET":
            wrong += [line(rule, answer, "tells")] * (answer.shape(values) != nothing)

    none(wrong)


@pytest.mark.parametrize("role", Role)
def test_a_denial_is_in_the_ledger(walked, role):
    rule = shut_to(walked, role)[0]
    count = text("SELECT count(*) FROM ledger_entry WHERE name = 'access.request.denied'")

    with walked.undoing():
        before = walked.connection.scalar(count)
        walked.act(role, verb_of(rule), walked.url(rule, own(walked, rule)[0]))
        assert walked.connection.scalar(count) == before + 1


@pytest.mark.parametrize("role", Role)
def test_what_does_not_exist_is_not_found(walked, role):
    wrong = []
    for rule in filter(objects, open_to(walked, role)):
        if "token" not in rule.arguments and rule.endpoint not in NAMED_BY_THE_BROWSER:
            answer = asked(walked, role, rule, unknown(rule.arguments))
            wrong += [line(rule, answer)] * (answer.status != 404)

    none(wrong)


@pytest.mark.parametrize("role", PARTNERS)
@pytest.mark.parametrize("side", ["sibling", "foreign"])
def test_what_is_somebody_elses_is_as_if_it_did_not_exist(walked, role, side):
    theirs, wrong = getattr(walked.world, side), []
    for rule in filter(objects, open_to(walked, role)):
        names = rule.arguments
        if "token" in names or not names & theirs.ids.keys():
            continue
        for values, nothing in foreign_values(walked, rule, theirs):
            answer, wanted = (asked(walked, role, rule, each) for each in (values, nothing))
            if (answer.status, answer.shape(values)) != (wanted.status, wanted.shape(nothing)):
                wrong.append(line(rule, answer, wanted.status, values))

    none(wrong)


def foreign_values(town: Town, rule: Rule, theirs: Side) -> list[tuple[Ids, Ids]]:
    """Return another's identifiers and unknown ones, all or one of them among the reader's own."""
    nothing, mine = unknown(rule.arguments), own(town, rule)[0]
    found = [(values, nothing) for values in theirs.arguments(rule.arguments, town.world.shared)]
    several = [name for name in mine if name in theirs.ids] if len(mine) > 1 else []
    return found + [
        (mine | {name: theirs.ids[name]}, mine | {name: nothing[name]}) for name in several
    ]


@pytest.mark.parametrize("role", Role)
def test_what_is_ones_own_never_fails(walked, role):
    wrong = []
    for rule in open_to(walked, role):
        for values in own(walked, rule):
            answer = asked(walked, role, rule, values)
            if answer.status >= 500:
                wrong.append(line(rule, answer))
            elif role in PARTNER_ROLES and CANARY in answer.words:
                wrong.append(line(rule, answer, "leaks"))

    none(wrong)


@pytest.mark.parametrize("role", PARTNERS)
@pytest.mark.parametrize("path", ["/search?q=ixquo", "/search/results?q=ixquo", "/deals?q=ixquo"])
def test_a_search_finds_nothing_of_others(walked, role, path):
    assert CANARY not in walked.ask(role, "GET", path).words


@pytest.mark.parametrize("path", ["/search?q=ixquo", "/deals", "/pipeline", "/partners"])
def test_the_vendor_does_see_what_partners_do_not(walked, path):
    assert CANARY in walked.ask(Role.CHANNEL_MANAGER, "GET", path).words


@pytest.mark.parametrize("role", Role)
def test_reading_changes_nothing(walked, role):
    with walked.undoing():
        before = walked.state(but=SEEN)
        for rule in open_to(walked, role):
            if verb_of(rule) == "GET":
                walked.act(role, "GET", walked.url(rule, own(walked, rule)[0]))
        assert walked.state(but=SEEN) == before


def test_a_page_that_writes_is_stopped_by_the_database(walked):
    @public
    def careless() -> str:
        current_session().execute(text("INSERT INTO attempt VALUES ('x', now(), 1)"))
        return "done"

    stopped = pytest.raises(InternalError, match="read-only")
    with walked.undoing(), walked.app.test_request_context("/"), stopped:
        careless()
