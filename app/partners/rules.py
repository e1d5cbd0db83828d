"""The lifecycle of a partner, and what programmes and tiers are made of."""

from enum import StrEnum

from app.kernel.transitions import Machine


class ProgrammeKind(StrEnum):
    """What partners of a programme do for the vendor."""

    RESELLER = "reseller"
    REFERRAL = "referral"
    SERVICES = "services"
    TECHNOLOGY = "technology"
    DISTRIBUTION = "distribution"


class PartnerState(StrEnum):
    """Where a partner stands with the vendor."""

    ONBOARDING = "onboarding"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class PartnerAct(StrEnum):
    """What changes a partner's standing."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    END = "end"


LIFECYCLE = Machine(
    "partner",
    {
        (PartnerState.ONBOARDING, PartnerAct.ACTIVATE): PartnerState.ACTIVE,
        (PartnerState.ONBOARDING, PartnerAct.END): PartnerState.ENDED,
        (PartnerState.ACTIVE, PartnerAct.SUSPEND): PartnerState.SUSPENDED,
        (PartnerState.ACTIVE, PartnerAct.END): PartnerState.ENDED,
        (PartnerState.SUSPENDED, PartnerAct.REINSTATE): PartnerState.ACTIVE,
        (PartnerState.SUSPENDED, PartnerAct.END): PartnerState.ENDED,
    },
)
