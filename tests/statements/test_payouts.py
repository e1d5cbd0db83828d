"""From a statement to money at the bank: proposed, approved, exported once, settled."""

import csv
import io
from xml.etree import ElementTree

import pytest

from app.kernel.transitions import TransitionRefused
from app.statements import queries, services
from app.statements.rules import PayoutState, PeriodState
from tests.factories.clockwork import NOON
from tests.factories.statements import (
    IBAN,
    calculator_and_approver,
    issue,
    make_accrual,
    make_payee,
    make_period,
)


@pytest.fixture
def two(session):
    """Two people of finance."""
    return calculator_and_approver(session)


@pytest.fixture
def period(session):
    """An issued period that pays one partner in euro and one in pounds."""
    make_accrual(session, make_payee(session), 12_345)
    make_accrual(session, make_payee(session, currency="GBP"), 6_789, currency="GBP")
    period = make_period(session)
    issue(session, period)
    return period


def exported(session, period, two):
    services.pay(session, period.id, actor=two[0], at=NOON)
    services.approve_payouts(session, period.id, actor=two[1], at=NOON)
    return services.export_payouts(session, period.id, actor=two[1], at=NOON)


def content(session, export, kind, actor):
    return services.payment_file(session, export.id, kind=kind, actor=actor, at=NOON).content


def test_each_statement_is_proposed_once(session, period, two):
    first = services.pay(session, period.id, actor=two[0], at=NOON)
    second = services.pay(session, period.id, actor=two[0], at=NOON)

    assert sorted(p.amount_minor for p in first) == [6_789, 12_345]
    assert second == []


def test_the_proposer_does_not_approve(session, period, two):
    services.pay(session, period.id, actor=two[0], at=NOON)

    with pytest.raises(services.PayoutsApprovedByProposer):
        services.approve_payouts(session, period.id, actor=two[0], at=NOON)


def test_each_payout_goes_into_one_file(session, period, two):
    exports = exported(session, period, two)

    assert [(e.currency, e.count, e.total_minor) for e in exports] == [
        ("EUR", 1, 12_345),
        ("GBP", 1, 6_789),
    ]
    with pytest.raises(services.NothingToExport):
        services.export_payouts(session, period.id, actor=two[1], at=NOON)


def test_the_csv_says_whom_to_pay_what(session, period, two):
    euro, _ = exported(session, period, two)

    text = content(session, euro, "csv", two[1]).decode()

    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["IBAN"], row["Amount"], row["Currency"]) == (IBAN, "123.45", "EUR")


def test_the_xml_is_pain_001_with_the_same_total(session, period, two):
    euro, pounds = exported(session, period, two)

    tree = ElementTree.fromstring(content(session, euro, "xml", two[1]))  # noqa: S314 - our own

    space = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"
    assert tree.findtext(f".//{space}GrpHdr/{space}CtrlSum") == "123.45"
    assert tree.findtext(f".//{space}CdtrAcct/{space}Id/{space}IBAN") == IBAN
    assert pounds.xml_sha256 == ""


def test_a_file_taken_twice_has_the_same_bytes_and_no_account_is_stored_open(session, period, two):
    euro, _ = exported(session, period, two)

    assert content(session, euro, "xml", two[0]) == content(session, euro, "xml", two[1])
    session.expire_all()
    assert IBAN.encode() not in queries.export_with_content(session, euro.id).csv_sealed


def test_the_last_settled_payout_makes_the_period_paid(session, period, two):
    exported(session, period, two)
    first, second = queries.payouts_of(session, period.id)

    services.settle_payout(session, first.id, actor=two[0], at=NOON)
    assert period.state is PeriodState.APPROVED
    services.settle_payout(session, second.id, actor=two[0], at=NOON)
    assert period.state is PeriodState.PAID
    services.close(session, period.id, actor=two[0], at=NOON)

    assert period.state is PeriodState.CLOSED


def test_a_failed_payout_is_issued_again_in_another_file(session, period, two):
    before = exported(session, period, two)
    payout = queries.payouts_of(session, period.id)[0]
    services.fail_payout(session, payout.id, reason="Account closed", actor=two[0], at=NOON)
    services.reissue_payout(session, payout.id, actor=two[0], at=NOON)
    services.approve_payouts(session, period.id, actor=two[1], at=NOON)

    (again,) = services.export_payouts(session, period.id, actor=two[1], at=NOON)

    assert again.id not in {export.id for export in before}
    assert (again.count, payout.state) == (1, PayoutState.EXPORTED)


def test_a_failure_needs_a_reason_and_an_exported_payout(session, period, two):
    services.pay(session, period.id, actor=two[0], at=NOON)
    payout = queries.payouts_of(session, period.id)[0]

    with pytest.raises(services.FailureNotExplained):
        services.fail_payout(session, payout.id, reason="", actor=two[0], at=NOON)
    with pytest.raises(TransitionRefused):
        services.fail_payout(session, payout.id, reason="No", actor=two[0], at=NOON)


def test_where_nothing_is_payable_the_period_is_paid_at_once(session, two):
    make_accrual(session, make_payee(session), 2_499)
    period = make_period(session)
    (statement,) = issue(session, period)

    assert services.pay(session, period.id, actor=two[0], at=NOON) == []

    assert (statement.paid_minor, statement.closing_minor) == (0, 2_499)
    assert period.state is PeriodState.PAID
