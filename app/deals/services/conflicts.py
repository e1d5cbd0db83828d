"""Match a customer against accounts, claims, named accounts and open opportunities.

All of it runs in the system's reach: findings are for the vendor, a partner is told one word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.accounts import queries as accounts
from app.accounts.matching import Party, Relation
from app.accounts.models import Account
from app.accounts.rules import is_certain
from app.db.engine import elevated
from app.deals import queries
from app.deals.models import Finding, Registration
from app.deals.rules import Claim, DealState, DealType, Evidence, FindingKind, claim_of
from app.identity.services.throttle import spend
from app.kernel.errors import FieldError, Invalid

PRE_CHECKS = 30
"""How many pre-checks one organisation has in :data:`PRE_CHECK_WINDOW`."""
PRE_CHECK_WINDOW = timedelta(hours=1)
_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose claim is examined: partner, family (None: any), kind of deal."""

    partner_id: UUID
    family_id: UUID | None = None
    deal_type: DealType = DealType.NEW_BUSINESS


RivalCheck = Callable[[Session, Sequence[UUID], Asked], Iterable[Evidence]]
RIVAL_CHECKS: list[RivalCheck] = []
"""Checks that features above add when they are imported: open opportunities, for one."""


def party_of(registration: Registration) -> Party:
    """Return the customer of a registration as the matcher reads it."""
    return Party(
        registration.customer_name,
        country=registration.customer_country or None,
        domain=registration.customer_domain or None,
        tax_number=registration.customer_tax_number or None,
        duns=registration.customer_duns or None,
        city=registration.customer_city or None,
        address=registration.customer_address or None,
    )


def pre_check(session: Session, party: Party, *, actor: Actor, at: datetime) -> Claim:
    """Answer whether a customer is free, contested or protected, and nothing more.

    :raises Invalid: if no company is named
    :raises TooMany: if the actor's organisation asked too often
    """
    if not party.name.strip():
        error = FieldError("customer_name", "Name the company first.", "deal.customer_name_missing")
        raise Invalid.fields(error)
    partner_id = actor.partner_id
    if partner_id is None:
        return Claim.FREE
    key = f"deals.pre_check:{partner_id}"
    spend(session, key, limit=PRE_CHECKS, window=PRE_CHECK_WINDOW, at=at)
    with elevated(session):
        return claim_of(evidence(session, party, Asked(partner_id), at=at))


def assess(session: Session, registration: Registration, *, at: datetime) -> Claim:
    """Examine the customer of a registration anew and keep what was found."""
    asked = Asked(registration.partner_id, registration.family_id, registration.deal_type)
    with elevated(session):
        linked = registration.account_id
        found = evidence(session, party_of(registration), asked, at=at, linked=linked)
        session.execute(delete(Finding).where(Finding.registration_id == registration.id))
        for one in found:
            _keep(session, registration, one, at)
        registration.conflict = claim_of(found)
    return registration.conflict


def evidence(
    session: Session,
    party: Party,
    asked: Asked,
    *,
    at: datetime,
    linked: UUID | None = None,
) -> list[Evidence]:
    """Return everything known about ``party`` that bears on a claim; ``linked`` is its account."""
    matched = _with_linked(list(_matched(session, party)), linked)
    certain = {one.account_id: one.is_certain for one in matched if one.account_id is not None}
    related = {one.account_id for one in matched if one.kind is FindingKind.RELATED_ACCOUNT}
    examined = [account_id for account_id in certain if account_id not in related]
    found = [*matched, *_of_accounts(session, examined)]
    found += [one for row in queries.claims_on(session, examined, at) for one in _rival(row, asked)]
    for check in RIVAL_CHECKS:
        found += check(session, examined, asked)
    return [_weighed(one, certain) for one in found]


def _matched(session: Session, party: Party) -> Iterator[Evidence]:
    for match in accounts.matches(session, party):
        verdict = match.verdict
        sure = is_certain(verdict)
        kind = FindingKind.SAME_ACCOUNT if sure else FindingKind.POSSIBLE_ACCOUNT
        if verdict.relation is not Relation.NONE:
            kind = FindingKind.RELATED_ACCOUNT
        score = round(verdict.score * _TEN_THOUSAND)
        yield Evidence(kind, verdict.reasons, match.account_id, score=score, is_certain=sure)


def _with_linked(matched: list[Evidence], linked: UUID | None) -> list[Evidence]:
    """Return the matches, the linked account first and taken for certain whatever its score."""
    if linked is None:
        return matched
    sure = Evidence(FindingKind.SAME_ACCOUNT, ("This is the linked account.",), linked)
    for one in matched:
        if one.account_id == linked:
            sure = replace(one, kind=FindingKind.SAME_ACCOUNT, is_certain=True)
    return [sure, *(one for one in matched if one.account_id != linked)]


def _of_accounts(session: Session, account_ids: Sequence[UUID]) -> Iterator[Evidence]:
    columns = select(Account.id, Account.name, Account.is_named, Account.parent_id)
    for row in session.execute(columns.where(Account.id.in_(account_ids))):
        if row.is_named:
            reason = f"{row.name} is on the list of named accounts."
            yield Evidence(FindingKind.NAMED_ACCOUNT, (reason,), row.id)
        if row.parent_id is not None:
            reason = f"{row.name} belongs to this group."
            yield Evidence(FindingKind.RELATED_ACCOUNT, (reason,), row.parent_id)


def _rival(row: Row[*tuple[Any, ...]], asked: Asked) -> Iterator[Evidence]:
    same_family = asked.family_id is None or row.family_id == asked.family_id
    if row.partner_id == asked.partner_id or not same_family:
        return
    who = f"{row.number} of {row.partner_name} for {row.family_name}"
    if row.is_protected:
        until = f"{row.protected_until:%Y-%m-%d}"
        reason, kind = f"{who} is protected until {until}.", FindingKind.RIVAL_PROTECTION
    elif row.state is not DealState.CONVERTED:
        since = f"{row.submitted_at:%Y-%m-%d %H:%M} UTC"
        reason, kind = f"{who} was submitted on {since}.", FindingKind.RIVAL_REGISTRATION
    elif asked.deal_type is not DealType.NEW_BUSINESS:
        reason, kind = f"{who} was won: the incumbent keeps renewals.", FindingKind.INCUMBENT
    else:
        return
    yield Evidence(kind, (reason,), row.account_id, row.id)


def _weighed(one: Evidence, certain: Mapping[UUID, bool]) -> Evidence:
    sure = one.account_id is None or certain.get(one.account_id, True)
    return replace(one, is_certain=one.is_certain and sure)


def _keep(session: Session, registration: Registration, one: Evidence, at: datetime) -> None:
    session.add(
        Finding(
            registration_id=registration.id,
            kind=one.kind,
            account_id=one.account_id,
            subject_id=one.subject_id,
            score=one.score,
            is_certain=one.is_certain,
            reasons=list(one.reasons),
            found_at=at,
        )
    )
