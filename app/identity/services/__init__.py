"""What people do to get in, stay in, and let others in."""

from app.identity.services.factors import (
    CodeRefused,
    begin_factor,
    confirm_factor,
    remove_factor,
    spend_code,
)
from app.identity.services.joining import (
    AddressTaken,
    Invitee,
    LinkSpent,
    accept,
    ask_reset,
    invite,
    reset_password,
    withdraw_invitation,
)
from app.identity.services.people import change_role, deactivate, edit_profile, reactivate
from app.identity.services.sessions import (
    SignInRefused,
    change_password,
    end_all,
    end_session,
    open_session,
    prove,
    set_password,
    touch,
)
from app.identity.services.throttle import TooMany, spend

__all__ = [
    "AddressTaken",
    "CodeRefused",
    "Invitee",
    "LinkSpent",
    "SignInRefused",
    "TooMany",
    "accept",
    "ask_reset",
    "begin_factor",
    "change_password",
    "change_role",
    "confirm_factor",
    "deactivate",
    "edit_profile",
    "end_all",
    "end_session",
    "invite",
    "open_session",
    "prove",
    "reactivate",
    "remove_factor",
    "reset_password",
    "set_password",
    "spend",
    "spend_code",
    "touch",
    "withdraw_invitation",
]
