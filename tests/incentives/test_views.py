"""Pages of plans, of why, and of what if."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Role
from app.incentives.models import PlanVersion
from app.incentives.rules import PlanState
from app.partners.models import Partner
from app.pipeline.rules import ParticipantRole
from tests.factories.clockwork import unique
from tests.factories.enablement import make_certificate
from tests.factories.identity import make_user
from tests.factories.incentives import component, make_draft, make_plan, plan_document
from tests.factories.partners import make_partner, make_tier
from tests.factories.pipeline import make_opportunity, make_participant
from tests.incentives.conftest import Sell

SignIn = Callable[..., Any]
PART, CLOUD = "components-0-", "Cloud platform, professional"
NAN = {"mode": "flat", "rate": "NaN"}


@pytest.fixture
def finance_page(session: Session, sign_in: SignIn) -> Any:
    return sign_in(make_user(session, Role.FINANCE))


def fields(**over: str) -> dict[str, Any]:
    """Return what the simple editor sends: 5 % of collected cash that was sourced."""
    part = {"title": "Referral", "basis": "collected", "share": "credit", "mode": "flat",
            "rate": "5", "reset": "year", "payable": "earned", "routes": "sourced"}  # fmt: skip
    plan = {"title": "Referrals", "code": f"ref-{unique()}", "currency": "EUR",
            "effective_from": "2026-01-01", "version": "1", "act": "save"}  # fmt: skip
    return plan | {f"{PART}{name}": value for name, value in part.items()} | over


def brackets(*rows: tuple[str, str, str]) -> dict[str, str]:
    """Return the fields of a table of brackets."""
    names = ("lower", "upper", "rate")
    return {f"{PART}mode": "marginal", f"{PART}rate": ""} | {
        f"{PART}brackets-{place}-{name}": value
        for place, row in enumerate(rows)
        for name, value in zip(names, row, strict=True)
    }


def only_draft(session: Session, code: str) -> PlanVersion:
    drafts = session.scalars(select(PlanVersion).where(PlanVersion.state == PlanState.DRAFT))
    return next(draft for draft in drafts if draft.document["code"] == code)


def test_a_plan_written_in_fields_is_looked_at_before_it_is_kept(
    session: Session, finance_page: Any
) -> None:
    said = fields()
    assert finance_page.get("/plans/new").status_code == 200
    seen = finance_page.post("/plans", data={**said, "act": "preview"})
    assert seen.status_code == 200
    assert "A flat 5 %." in seen.text
    answer = finance_page.post("/plans", data=said)
    assert answer.status_code == 303
    made = only_draft(session, said["code"])
    assert made.document["components"][0]["applies_to"] == {"route": ["sourced"]}
    assert finance_page.get(answer.location).status_code == 200
    assert finance_page.get("/plans").status_code == 200


def test_brackets_are_written_as_a_table(session: Session, finance_page: Any) -> None:
    make_tier(session, code="gold")
    said = fields(**brackets(("0", "100,000", "5"), ("100000", "", "6.25"))) | {
        f"{PART}tiers": "gold", f"{PART}hold_days": "30"}  # fmt: skip
    assert finance_page.post("/plans", data=said).status_code == 303
    made = only_draft(session, said["code"]).document["components"][0]
    assert made["rates"]["brackets"][1] == {"from": "100000", "rate": "6.25%"}
    assert made["timing"] == {"hold_days": 30}


def test_a_loss_of_certification_is_chosen_from_those_that_were_awarded(
    session: Session, finance_page: Any
) -> None:
    make_certificate(session, make_partner(session), subject=CLOUD)
    assert CLOUD in finance_page.get("/plans/new").text
    said = fields(**{f"{PART}lapse": "all", f"{PART}certifications": CLOUD})
    answer = finance_page.post("/plans", data=said)
    made = only_draft(session, said["code"]).document["components"][0]
    assert made["reversal"] == {
        "mode": "full", "on": ["refunded", "certification_lapsed"], "lapse": "all",
        "certification": [CLOUD],
    }  # fmt: skip
    assert f"a lapse of the certification “{CLOUD}”" in finance_page.get(answer.location).text
    edited = finance_page.get(f"{answer.location}/edit").text
    assert re.search(f'checked[^>]*value="{CLOUD}"', edited)


def test_a_certification_that_nobody_was_awarded_is_warned_of(finance_page: Any) -> None:
    reversal = {"mode": "full", "on": ["certification_lapsed"], "lapse": "all",
                "certification": "Cluod"}  # fmt: skip
    said = json.dumps(plan_document(component(reversal=reversal)))
    answer = finance_page.post("/plans", data={"document": said, "version": "1", "act": "preview"})
    assert "No certificate of “Cluod” was awarded so far" in answer.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({f"{PART}lapse": "some"}, "Choose one of the list"),
        ({f"{PART}rate": "NaN"}, "Component 1: “NaN%” is not a number"),
        ({f"{PART}rate": "-3"}, "must be at least 0"),
        ({f"{PART}rate": ""}, "Component 1"),
        ({"title": ""}, "Give the plan a name"),
        ({"currency": "XXQ"}, "Choose one of the list"),
        ({"effective_from": "soon"}, "year-month-day"),
        ({f"{PART}basis": "hoped"}, "Choose one of the list"),
        ({f"{PART}hold_days": "-1"}, "Between 0 and 3650"),
        ({f"{PART}routes": "guessed"}, "Component 1"),
        (brackets(("0", "200", "5"), ("100", "", "6")), "Two brackets overlap"),
        (brackets(("0", "", "5"), ("a lot", "", "6")), "Component 1, bracket 2"),
        (brackets(), "At least 1 is needed"),
    ],
)
def test_a_plan_that_cannot_be_kept_says_why(
    finance_page: Any, change: dict[str, str], words: str
) -> None:
    answer = finance_page.post("/plans", data={**fields(), **change})
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "Write the plan"),
        ("null", "Write the plan"),
        ("[1]", "An object with named values"),
        (json.dumps(plan_document(currency="EUX")), "currency: "),
        (
            json.dumps(plan_document(component(rates={"mode": "flat", "rate": "NaN"}))),
            "not a number",
        ),
    ],
)
def test_a_document_that_cannot_be_kept_says_where(
    finance_page: Any, text: str, words: str
) -> None:
    answer = finance_page.post("/plans", data={"document": text, "version": "1", "act": "save"})
    assert answer.status_code == 422
    assert words in answer.text


def test_fields_and_document_say_the_same(session: Session, finance_page: Any) -> None:
    shown = finance_page.post("/plans", data=fields() | {"act": "document"})
    assert shown.status_code == 200
    assert "&#34;rate&#34;: &#34;5%&#34;" in shown.text
    draft = make_draft(session, component(caps=[{"per": "deal", "limit": "10"}]))
    assert "more than the fields can hold" in finance_page.get(f"/plans/{draft.id}/edit").text
    simple = make_draft(session, component(timing={"hold_days": 3}))
    assert 'name="components-0-hold_days"' in finance_page.get(f"/plans/{simple.id}/edit").text


def test_a_stale_draft_is_not_overwritten_unseen(session: Session, finance_page: Any) -> None:
    draft = make_draft(session)
    document = json.dumps({**draft.document, "title": "Another"})
    said = {"document": document, "version": "1", "act": "save"}
    assert finance_page.post(f"/plans/{draft.id}", data=said).status_code == 303
    late = finance_page.post(f"/plans/{draft.id}", data=said)
    assert late.status_code == 409
    assert "Somebody changed this draft" in late.text


def test_a_second_person_publishes(session: Session, sign_in: SignIn) -> None:
    author, other = make_user(session, Role.FINANCE), make_user(session, Role.FINANCE)
    said = fields()
    assert sign_in(author).post("/plans", data=said).status_code == 303
    draft = only_draft(session, said["code"])
    url = f"/plans/{draft.id}/publication"
    draft_id = draft.id
    assert sign_in(author).post(url).status_code == 403
    assert sign_in(other).post(url).status_code == 303
    assert session.get_one(PlanVersion, draft_id).state is PlanState.PUBLISHED


def test_warnings_stand_on_the_page(session: Session, finance_page: Any) -> None:
    late = {"mode": "marginal", "reset": "year", "brackets": [{"from": "100", "rate": "5%"}]}
    version = make_plan(session, component(applies_to={}, share="whole", rates=late))
    text = finance_page.get(f"/plans/{version.id}").text
    assert "Nothing is paid below" in text
    assert "No route is named" in text


def test_a_draft_runs_on_history(
    session: Session, finance_page: Any, partner: Partner, sell: Sell
) -> None:
    version = make_plan(session)
    sell(partner)
    double = {**version.document, "effective": {"from": "2026-06-01"}}
    double["components"] = [component(rates={"mode": "flat", "rate": "20%"})]
    draft = make_draft(session, **double)
    text = finance_page.get(f"/plans/{draft.id}/simulation").text
    assert "100.00 became 200.00" in text
    assert partner.name in text


def test_why_an_order_pays_nothing(
    session: Session, finance_page: Any, partner: Partner, sell: Sell
) -> None:
    make_plan(session, component(title="For gold", applies_to={"tier": ["gold"]}))
    order = sell(partner)
    text = finance_page.get(f"/why/{order.id}/{partner.id}").text
    assert "For gold" in text
    assert "tier is gold" in text
    assert finance_page.get(f"/why/{partner.id}/{order.id}").status_code == 404


def test_what_an_open_deal_would_pay(session: Session, sign_in: SignIn, partner: Partner) -> None:
    make_plan(session, component(rates={"mode": "marginal", "reset": "year", "brackets": [
        {"from": "0", "rate": "5%"}, {"from": "20000", "rate": "10%"}]}))  # fmt: skip
    deal = make_opportunity(session)
    make_participant(session, deal, partner_id=partner.id, role=ParticipantRole.SOURCE)
    foreign, deal_id = make_opportunity(session).id, deal.id
    client = sign_in(make_user(session, Role.PARTNER_ADMIN, partner_id=partner.id))
    assert client.get("/what-if").status_code == 200
    text = client.get(f"/what-if?opportunity_id={deal_id}").text
    assert "EUR\u00a0500.00" in text
    assert "EUR 10,000.00 more reach the bracket" in text
    assert client.get(f"/what-if?opportunity_id={foreign}").status_code == 422


@pytest.mark.parametrize("amount", ["NaN", "-5", "1e9", "12,3,4", "9" * 30])
def test_an_amount_that_is_none_is_refused(session: Session, sign_in: SignIn, amount: str) -> None:
    client = sign_in(make_user(session, Role.PARTNER_ADMIN))
    assert client.get("/what-if", query_string={"amount": amount}).status_code == 422


@pytest.mark.parametrize("path", ["/plans", "/plans/new", "/plans/{id}", "/plans/{id}/simulation"])
def test_partners_see_no_plan(session: Session, sign_in: SignIn, path: str) -> None:
    version = make_plan(session)
    client = sign_in(make_user(session, Role.PARTNER_ADMIN))
    assert client.get(path.format(id=version.id)).status_code == 404


def test_what_if_is_for_partners(finance_page: Any) -> None:
    assert finance_page.get("/what-if").status_code == 404
