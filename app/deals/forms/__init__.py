"""Forms of registrations."""

from app.deals.forms.acts import (
    AnswerForm,
    AppealForm,
    ApprovalForm,
    ExtensionForm,
    FileForm,
    RejectionForm,
    ReturnForm,
    WithdrawalForm,
)
from app.deals.forms.registration import OPTIONAL, RegistrationForm, entered

__all__ = [
    "OPTIONAL",
    "AnswerForm",
    "AppealForm",
    "ApprovalForm",
    "ExtensionForm",
    "FileForm",
    "RegistrationForm",
    "RejectionForm",
    "ReturnForm",
    "WithdrawalForm",
    "entered",
]
