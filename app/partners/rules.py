"""The lifecycle of a partner, and what programmes, tiers and payout details are made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

from app.kernel.currencies import DECIMALS
from app.kernel.errors import FieldError, Invalid
from app.kernel.transitions import Machine

LONGEST_HOLDER = 120
_EMAIL = re.compile(r"[^@\s<>\",;]{1,64}@[^@\s<>\",;]+\.[^@\s<>\",;.]{2,}")
_SITE = re.compile(r"(?i)https?://[^\s/?#@<>\"]+\.[^\s/?#@<>\".]{2,}(?:[/?#][^\s<>\"]*)?")
_COUNTRY = re.compile(r"[A-Z]{2}")


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


class Ground(StrEnum):
    """Why a partner is suspended or its partnership ends."""

    OWN_WISH = "own_wish"
    INACTIVE = "inactive"
    REQUIREMENTS_NOT_MET = "requirements_not_met"
    AGREEMENT_BREACHED = "agreement_breached"
    INSOLVENT = "insolvent"
    OTHER = "other"


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


@dataclass(frozen=True, slots=True)
class Profile:
    """What a partner's own admin may change: address, contact, website, tax number."""

    street: str = ""
    city: str = ""
    postcode: str = ""
    tax_number: str = ""
    website: str = ""
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """Who a partner is, as the vendor keeps it."""

    name: str
    legal_name: str
    country: str
    currency: str
    region: str = ""
    parent_id: UUID | None = None
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True, slots=True)
class Course:
    """How a programme is run; ``answer_hours`` are business hours to decide a registration."""

    name: str
    answer_hours: int = 16
    parents_see_children: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tier gives and asks; ``yearly_bookings_minor`` is in cents of a euro."""

    name: str
    rank: int
    protection_days: int = 90
    extension_days: int = 30
    extensions: int = 1
    yearly_bookings_minor: int = 0
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where money is sent."""

    holder: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The days on which a partner held a tier: half-open, open-ended while it holds it."""

    tier_id: UUID
    held_from: date
    held_until: date | None

    def contains(self, on: date) -> bool:
        """Return whether the tier was held on ``on``."""
        return self.held_from <= on and (self.held_until is None or on < self.held_until)


def tier_on(history: Sequence[Held], on: date) -> UUID | None:
    """Return the tier that was held on ``on``, None before the first."""
    return next((held.tier_id for held in history if held.contains(on)), None)


def checked_details(details: Details) -> Details:
    """Return ``details`` in the form in which they are kept.

    :raises Invalid: with every field at fault
    """
    wrong = [
        *_named("name", details.name, "Give the name that people use."),
        *_named("legal_name", details.legal_name, "Give the name on the agreement."),
        *_profile_faults(details.profile),
    ]
    if not _COUNTRY.fullmatch(details.country):
        wrong.append(FieldError("country", "Choose a country.", "partners.country"))
    if details.currency not in DECIMALS:
        wrong.append(FieldError("currency", "Choose a currency.", "partners.currency"))
    if wrong:
        raise Invalid.fields(*wrong)
    return details


def checked_profile(profile: Profile) -> Profile:
    """Return ``profile`` if it can be kept.

    :raises Invalid: with every field at fault
    """
    if wrong := _profile_faults(profile):
        raise Invalid.fields(*wrong)
    return profile


def website_of(entered: str) -> str:
    """Return an address that begins with its scheme; a bare domain gets https."""
    site = entered.strip()
    return f"https://{site}" if site and "://" not in site and ":" not in site else site


def _named(name: str, value: str, message: str) -> list[FieldError]:
    return [] if value.strip() else [FieldError(name, message, f"partners.{name}")]


def _profile_faults(profile: Profile) -> list[FieldError]:
    wrong = []
    if profile.website and not _SITE.fullmatch(profile.website):
        said = "Give a web address such as https://example.com."
        wrong.append(FieldError("website", said, "partners.website"))
    if profile.contact_email and not _EMAIL.fullmatch(profile.contact_email):
        said = "Give an e-mail address."
        wrong.append(FieldError("contact_email", said, "partners.contact_email"))
    return wrong


def checked_account(account: BankAccount) -> BankAccount:
    """Return ``account`` with its numbers compact.

    :raises Invalid: if the holder is missing, or a number fails its own check (ISO 13616, ISO 9362)
    """
    wrong = _named("holder", account.holder, "Give the name of the account holder.")
    iban, bic = ibans.compact(account.iban), bics.compact(account.bic)
    if not _passes(ibans, iban):
        said = "This is not a valid IBAN. Check it digit by digit; its check digits do not fit."
        wrong.append(FieldError("iban", said, "partners.iban"))
    if bic and not _passes(bics, bic):
        said = "This is not a valid BIC. It has 8 or 11 characters, such as COBADEFFXXX."
        wrong.append(FieldError("bic", said, "partners.bic"))
    if wrong:
        raise Invalid.fields(*wrong)
    return BankAccount(account.holder.strip()[:LONGEST_HOLDER], iban, bic)


def _passes(kind: object, number: str) -> bool:
    try:
        kind.validate(number)  # type: ignore[attr-defined]
    except ValidationError:
        return False
    return number.isascii()


def checked_terms(terms: Terms) -> Terms:
    """Return ``terms`` if they can be kept.

    :raises Invalid: with every field at fault
    """
    wrong = _named("name", terms.name, "Give the tier a name.")
    limits = {"rank": (1, 99), "protection_days": (1, 730), "extension_days": (0, 365)}
    limits |= {"extensions": (0, 10), "yearly_bookings_minor": (0, 10**15)}
    for name, (least, most) in limits.items():
        if not least <= getattr(terms, name) <= most:
            said = f"Give a number from {least} to {most}."
            wrong.append(FieldError(name, said, f"partners.{name}"))
    if not 0 <= terms.discount <= 1:
        wrong.append(FieldError("discount", "Give 0 to 100 percent.", "partners.discount"))
    if wrong:
        raise Invalid.fields(*wrong)
    return terms
