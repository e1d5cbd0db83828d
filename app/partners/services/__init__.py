"""What is done to partners, programmes and tiers."""

from app.partners.services.details import (
    NotAManager,
    ParentRefused,
    assign_manager,
    edit,
    edit_own_company,
)
from app.partners.services.lifecycle import activate, admit, end, reinstate, suspend
from app.partners.services.payout import read_iban, read_ibans, set_payout_details
from app.partners.services.programmes import (
    CodeTaken,
    add_programme,
    add_tier,
    edit_programme,
    edit_tier,
)
from app.partners.services.tiers import TierDayRefused, set_tier

__all__ = [
    "CodeTaken",
    "NotAManager",
    "ParentRefused",
    "TierDayRefused",
    "activate",
    "add_programme",
    "add_tier",
    "admit",
    "assign_manager",
    "edit",
    "edit_own_company",
    "edit_programme",
    "edit_tier",
    "end",
    "read_iban",
    "read_ibans",
    "reinstate",
    "set_payout_details",
    "set_tier",
    "suspend",
]
