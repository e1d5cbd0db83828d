"""Roles, permissions and grants on one page; which rows an actor sees is never decided here."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.db.scope import NOBODY, SYSTEM_SCOPE, Scope


class Role(StrEnum):
    """What somebody is at the vendor or at a partner."""

    PARTNER_MEMBER = "partner_member"
    PARTNER_ADMIN = "partner_admin"
    CHANNEL_MANAGER = "channel_manager"
    CHANNEL_LEAD = "channel_lead"
    FINANCE = "finance"
    ANALYST = "analyst"
    ADMIN = "admin"


PARTNER_ROLES = frozenset({Role.PARTNER_MEMBER, Role.PARTNER_ADMIN})
VENDOR_ROLES = frozenset(Role) - PARTNER_ROLES


class Permission(StrEnum):
    """One kind of act."""

    DEAL_VIEW = "deal.view"
    DEAL_REGISTER = "deal.register"
    DEAL_REVIEW = "deal.review"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_EDIT = "account.edit"
    PARTNER_VIEW = "partner.view"
    PARTNER_EDIT = "partner.edit"
    PROGRAMME_VIEW = "programme.view"
    PROGRAMME_EDIT = "programme.edit"
    CATALOGUE_VIEW = "catalogue.view"
    CATALOGUE_EDIT = "catalogue.edit"
    LIBRARY_VIEW = "library.view"
    LIBRARY_EDIT = "library.edit"
    PIPELINE_VIEW = "pipeline.view"
    PIPELINE_EDIT = "pipeline.edit"
    PIPELINE_JOIN = "pipeline.join"
    ORDER_VIEW = "order.view"
    ORDER_EDIT = "order.edit"
    IMPORT_RUN = "import.run"
    ATTRIBUTION_VIEW = "attribution.view"
    ATTRIBUTION_EDIT = "attribution.edit"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"
    RUN_VIEW = "run.view"
    RUN_CALCULATE = "run.calculate"
    RUN_APPROVE = "run.approve"
    PAYOUT_RUN = "payout.run"
    STATEMENT_VIEW = "statement.view"
    DISPUTE_RAISE = "dispute.raise"
    DISPUTE_DECIDE = "dispute.decide"
    PAYOUT_DETAILS_EDIT = "payout_details.edit"
    OWN_COMPANY_EDIT = "own_company.edit"
    TEAM_MANAGE = "team.manage"
    USER_MANAGE = "user.manage"
    REVENUE_REPORT = "revenue.report"
    LEDGER_VIEW = "ledger.view"
    JOB_VIEW = "job.view"
    JOB_EDIT = "job.edit"
    MAILBOX_VIEW = "mailbox.view"


P = Permission

_PARTNER_MEMBER = {P.DEAL_VIEW, P.DEAL_REGISTER, P.CATALOGUE_VIEW, P.LIBRARY_VIEW, P.PIPELINE_VIEW}
_PARTNER_MEMBER |= {P.PIPELINE_JOIN, P.PROGRAMME_VIEW}
_PARTNER_ADMIN = {P.STATEMENT_VIEW, P.DISPUTE_RAISE, P.PAYOUT_DETAILS_EDIT, P.TEAM_MANAGE}
_PARTNER_ADMIN |= _PARTNER_MEMBER | {P.OWN_COMPANY_EDIT}
_VENDOR = {P.DEAL_VIEW, P.ACCOUNT_VIEW, P.PARTNER_VIEW, P.PROGRAMME_VIEW, P.CATALOGUE_VIEW}
_VENDOR |= {P.LIBRARY_VIEW, P.PIPELINE_VIEW, P.REVENUE_REPORT, P.LEDGER_VIEW}
_CHANNEL_MANAGER = _VENDOR | {P.DEAL_REVIEW, P.ACCOUNT_EDIT, P.PIPELINE_EDIT, P.ORDER_VIEW}
_CHANNEL_MANAGER |= {P.ATTRIBUTION_VIEW, P.PIPELINE_JOIN}
_READS = {P.ORDER_VIEW, P.ATTRIBUTION_VIEW, P.PLAN_VIEW, P.RUN_VIEW, P.STATEMENT_VIEW}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PARTNER_MEMBER: frozenset(_PARTNER_MEMBER),
    Role.PARTNER_ADMIN: frozenset(_PARTNER_ADMIN),
    Role.CHANNEL_MANAGER: frozenset(_CHANNEL_MANAGER),
    Role.CHANNEL_LEAD: frozenset(
        _CHANNEL_MANAGER
        | {P.PARTNER_EDIT, P.PROGRAMME_EDIT, P.LIBRARY_EDIT, P.ATTRIBUTION_EDIT, P.PLAN_VIEW}
    ),
    Role.FINANCE: frozenset(
        _VENDOR
        | _READS
        | {P.ORDER_EDIT, P.IMPORT_RUN, P.CATALOGUE_EDIT, P.ATTRIBUTION_EDIT, P.PLAN_EDIT}
        | {P.RUN_CALCULATE, P.RUN_APPROVE, P.PAYOUT_RUN, P.DISPUTE_DECIDE}
    ),
    Role.ANALYST: frozenset(_VENDOR | _READS),
    Role.ADMIN: frozenset(
        _VENDOR
        | _READS
        | {P.USER_MANAGE, P.PROGRAMME_EDIT, P.PARTNER_EDIT, P.CATALOGUE_EDIT, P.LIBRARY_EDIT}
        | {P.IMPORT_RUN, P.JOB_VIEW, P.JOB_EDIT, P.MAILBOX_VIEW}
    ),
}
"""The whole of who may do what."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with a role, or the system itself (no ``user_id``)."""

    user_id: UUID | None
    name: str
    role: Role | None
    partner_id: UUID | None = None
    partner_ids: tuple[UUID, ...] = ()
    locale: str = "en_GB"
    zone: str = "UTC"
    country: str = "GB"

    @property
    def is_vendor(self) -> bool:
        """Whether this is somebody of the vendor, or the system."""
        return self.role is None or self.role in VENDOR_ROLES

    def may(self, permission: Permission) -> bool:
        """Return whether this actor's role grants ``permission``."""
        return self.role is None or permission in GRANTS[self.role]

    @property
    def scope(self) -> Scope:
        """The rows that this actor's transactions may reach."""
        if self.role is None:
            return SYSTEM_SCOPE
        if self.is_vendor:
            return Scope("vendor", actor_id=self.user_id)
        return Scope("partner", self.partner_ids, self.user_id)


SYSTEM = Actor(None, "Tandem", None)
"""The system acting by itself: jobs, clocks, imports from the command line."""


def scope_of(actor: Actor | None) -> Scope:
    """Return the reach of ``actor``, or of nobody."""
    return NOBODY if actor is None else actor.scope
