"""What is done to registrations, from the draft to the end of protection."""

from app.deals.services.acts import NotYourRegistration
from app.deals.services.aftermath import (
    AppealedBefore,
    ExtensionPending,
    NoExtensionLeft,
    NothingAsked,
    NotProtected,
    answer_extension,
    appeal,
    ask_extension,
    convert,
    withdraw,
)
from app.deals.services.attachments import TooManyFiles, attach, detach
from app.deals.services.conflicts import RIVAL_CHECKS, Asked, RivalCheck, assess, pre_check
from app.deals.services.drafts import (
    NotEditable,
    OnlyPartnersRegister,
    RegistrationChanged,
    delete_draft,
    save,
)
from app.deals.services.protection import CustomerAlreadyClaimed, ProtectionOver
from app.deals.services.review import (
    AppealNeedsLead,
    NotUnderReview,
    OwnSubmission,
    approve,
    link_account,
    reject,
    send_back,
    take_up,
)
from app.deals.services.submission import PartnerNotActive, sealed_content, submit
from app.deals.services.watch import escalate, lapse_protections, remind_holders, warn_reviewers

__all__ = [
    "RIVAL_CHECKS",
    "AppealNeedsLead",
    "AppealedBefore",
    "Asked",
    "CustomerAlreadyClaimed",
    "ExtensionPending",
    "NoExtensionLeft",
    "NotEditable",
    "NotProtected",
    "NotUnderReview",
    "NotYourRegistration",
    "NothingAsked",
    "OnlyPartnersRegister",
    "OwnSubmission",
    "PartnerNotActive",
    "ProtectionOver",
    "RegistrationChanged",
    "RivalCheck",
    "TooManyFiles",
    "answer_extension",
    "appeal",
    "approve",
    "ask_extension",
    "assess",
    "attach",
    "convert",
    "delete_draft",
    "detach",
    "escalate",
    "lapse_protections",
    "link_account",
    "pre_check",
    "reject",
    "remind_holders",
    "save",
    "sealed_content",
    "send_back",
    "submit",
    "take_up",
    "warn_reviewers",
    "withdraw",
]
