"""Whatever is sent to whatever form: a sentence, never a crash, and nothing half-written."""

import io
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule
from werkzeug.test import encode_multipart

from app.access.rules import Role
from app.db import engine
from tests.factories.files import PDF, PNG
from tests.house.forms import Found, forms_of
from tests.house.nasty import (
    EXTRAS,
    LIST_NAMES,
    NAMES,
    NASTY,
    NOTED,
    NUMBER,
    PLAUSIBLE,
    SENTINEL,
    STRANGE_QUERIES,
)
from tests.house.sides import unknown
from tests.house.walk import Answer, Town, none, rules_of, verb_of

ANSWERS = {200, 303, 400, 403, 404, 409, 413, 422, 429}


@pytest.fixture(scope="module")
def forms(walked) -> dict[str, Found]:
    """Every form that some page shows; for other routes, one with every name that any form has."""
    shown = {name: form for name, form in forms_of(walked).items() if form.action != "/styleguide"}
    every = {name: "" for form in shown.values() for name in form.fields if "-" not in name}
    for rule in rules_of(walked.app):
        if verb_of(rule) == "POST" and rule.endpoint not in shown:
            role = next(role for role in Role if walked.may(rule, role))
            values = walked.world.own.arguments(rule.arguments, walked.world.shared)[0]
            shown[rule.endpoint] = Found(walked.url(rule, values), role, dict(every))
    return shown


def send(town: Town, form: Found, given: dict[str, bytes | str]) -> Answer:
    body = urlencode(given).encode()
    kind = "application/x-www-form-urlencoded"
    return town.act(form.role, "POST", form.action, data=body, content_type=kind)


def spoilt(form: Found) -> Iterator[tuple[str, dict[str, bytes | str]]]:
    """Yield the form with one value in all its fields, then with single fields spoilt.

    Each form gets half of the values, each field two: together they get all of them.
    """
    for word, value in list(NASTY.items())[len(form.action) % 2 :: 2]:
        yield f"all: {word}", dict.fromkeys(form.fields, value)
    names = [name for name in form.fields if not re.search(r"-[1-9]\d*-", name)]
    words = list(NASTY)
    for place, name in enumerate(names[:25]):
        for turn in range(2):
            word = words[(place * 11 + turn * 13) % len(words)]
            yield f"{name}: {word}", {**form.values, name: NASTY[word]}


def line(where: str, answer: Answer, what: object = "") -> str:
    end = answer.words[-1500:] if answer.status >= 500 else ""
    return f"POST {where} {answer.status} {what} {end}"


def test_every_form_that_a_page_shows_leads_somewhere(forms):
    lost = [name for name in forms if name.startswith("nowhere")]

    assert lost == []


@pytest.mark.parametrize("part", range(8))
def test_nonsense_is_refused_and_nothing_is_written(walked, forms, part):
    wrong = []
    for endpoint in sorted(forms)[part::8]:
        with walked.undoing():
            before = walked.state(but=NOTED)
            for word, given in spoilt(forms[endpoint]):
                point = walked.connection.begin_nested()
                answer = send(walked, forms[endpoint], given)
                if answer.status not in ANSWERS:
                    wrong.append(line(endpoint, answer, word))
                (point.rollback if answer.status < 400 else point.commit)()
            wrong += [f"POST {endpoint} writes"] * (walked.state(but=NOTED) != before)
    none(wrong)


@pytest.mark.parametrize("every", [True, False])
def test_a_form_filled_in_as_it_should_be_never_fails(walked, forms, every):
    wrong = []
    for endpoint, form in sorted(forms.items()):
        given = dict(form.values)
        for name in form.fields:
            if every or not given[name]:
                filled = PLAUSIBLE.get(name.rpartition("-")[2])
                given[name] = filled or given[name] or "Zoe writes about routing depots."
        with walked.undoing():
            answer = send(walked, form, given)
        wrong += [line(endpoint, answer)] * (answer.status not in ANSWERS)
    none(wrong)


def test_fields_that_no_form_has_are_not_taken(walked, forms):
    wrong = []
    tables = [name for name in walked.state() if name not in {"stored_answer", "ledger_leaf"}]
    ask = " UNION ALL ".join(
        f"SELECT '{name}' FROM \"{name}\" t WHERE t::text ~ '{SENTINEL}|{NUMBER}'"  # noqa: S608
        for name in tables
    )
    for endpoint, form in sorted(forms.items()):
        extras = {name: value for name, value in EXTRAS.items() if name not in form.values}
        with walked.undoing():
            answer = send(walked, form, {**form.values, **extras})
            engine.set_scope(walked.session, engine.SYSTEM_SCOPE)
            taken = walked.connection.execute(text(ask)).scalars().all()
        if taken or answer.status not in ANSWERS:
            wrong.append(line(endpoint, answer, taken))
    none(wrong)


@pytest.mark.parametrize("extra", [{"role": "admin"}, {"partner_id": SENTINEL}, {"state": "done"}])
def test_somebody_who_joins_chooses_neither_role_nor_company(walked, extra):
    invited = walked.world.own.ids["token"]
    person = text("SELECT role, partner_id FROM app_user WHERE name = 'Zoe Guest'")

    with walked.undoing():
        data = {"name": "Zoe Guest", "password": "a horse of nine colours", **extra}
        assert walked.act(None, "POST", f"/join/{invited}", data=data).status == 303
        engine.set_scope(walked.session, engine.SYSTEM_SCOPE)
        found = walked.connection.execute(person).one()
    assert found == (Role.PARTNER_MEMBER, walked.world.own.partner.id)


def test_a_field_given_twice_does_no_harm(walked, forms):
    wrong = []
    for endpoint, form in sorted(forms.items()):
        pairs = [(name, value) for name, value in form.values.items() for _ in range(2)]
        with walked.undoing():
            data = urlencode([*pairs, *((name, "-1") for name in form.fields)])
            kind = "application/x-www-form-urlencoded"
            answer = walked.act(form.role, "POST", form.action, data=data, content_type=kind)
        wrong += [line(endpoint, answer)] * (answer.status not in ANSWERS)
    none(wrong)


@pytest.mark.parametrize("name", ["x.exe", "x.pdf", "x.png", "x.html", "\u202e.pdf", "."])
@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90", b"<svg onload=x>", PNG, b"\xff\xfe\0", b"PK\3\4"], ids=range(6)
)
def test_a_file_of_the_wrong_kind_is_refused(walked, forms, name, content):
    wrong = []
    for endpoint, form in sorted(forms.items()):
        for file in form.files:
            data = {**form.values, file: (io.BytesIO(content), name)}
            with walked.undoing():
                answer = walked.act(form.role, "POST", form.action, data=data)
            good = answer.status in {409, 422} or (name, content) == ("x.png", PNG)
            wrong += [line(endpoint, answer, name)] * (not good or answer.status >= 500)
    none(wrong)


@pytest.mark.parametrize("kind", ["file", "field", "fields"])
@pytest.mark.parametrize("endpoint", ["deals.attach", "enablement.add", "revenue.bring"])
def test_what_is_too_large_is_refused(walked, forms, endpoint, kind):
    form, size = forms[endpoint], walked.app.config["MAX_CONTENT_LENGTH"]
    file = next(iter(form.files), "file")
    data = {
        "file": {file: FileStorage(io.BytesIO(PDF + b"0" * size), "a.pdf")},
        "field": {"title": "x" * 3_000_000},
        "fields": {f"f{n}": "" for n in range(2_500)},
    }[kind]
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"

    assert walked.ask(form.role, "POST", form.action, data=body, content_type=kind).status == 413


def reader(town: Town, rule: Rule) -> Role | None:
    roles = [role for role in (Role.FINANCE, *Role) if town.may(rule, role)]
    return roles[0] if roles else None


@pytest.mark.parametrize("value", STRANGE_QUERIES, ids=range(len(STRANGE_QUERIES)))
def test_a_strange_query_is_answered(walked, value):
    wrong = []
    for rule in rules_of(walked.app):
        if verb_of(rule) == "GET":
            mine = walked.world.own.arguments(rule.arguments, walked.world.shared)[0]
            query = b"&".join(name.encode() + b"=" + value for name in NAMES).decode("latin-1")
            role = reader(walked, rule)
            answer = walked.ask(role, "GET", walked.url(rule, mine), query_string=query)
            if answer.status not in {200, 303, 400, 404, 422}:
                wrong.append(line(rule.rule, answer, value))
    none(wrong)


@pytest.mark.parametrize("value", ["1" + "0" * 20, "²"])
def test_a_strange_value_in_one_place_of_a_list_is_answered(walked, value):
    wrong = []
    for rule in rules_of(walked.app):
        if verb_of(rule) == "GET" and not rule.arguments:
            for name in LIST_NAMES:
                one = {name: value}
                answer = walked.ask(reader(walked, rule), "GET", rule.rule, query_string=one)
                if answer.status not in {200, 303, 400, 404, 422}:
                    wrong.append(line(rule.rule, answer, name))
    none(wrong)


@pytest.mark.parametrize("path", ["/deals/%00", "/%ff", "/verify/%00", "/join/%00", "/receipts/%ff",
                                  "/receipts/1e9", "/verify/" + "9" * 5000, "/join/" + "x" * 5000],
                         ids=range(8))  # fmt: skip
@pytest.mark.parametrize("role", [None, Role.PARTNER_MEMBER, Role.ADMIN])
def test_a_strange_address_is_answered(walked, path, role):
    assert walked.ask(role, "GET", path).status in {200, 303, 400, 404, 410, 422}


@pytest.mark.parametrize("role", [Role.PARTNER_ADMIN, Role.ADMIN])
def test_an_identifier_that_is_none_is_not_found(walked, role):
    for rule in rules_of(walked.app):
        uuids = {name for name, kind in rule._converters.items() if "UUID" in type(kind).__name__}
        if uuids:
            path = walked.url(rule, unknown(rule.arguments))
            broken = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "not-an-id", path)
            assert walked.ask(role, verb_of(rule), broken).status in {404, 405}
