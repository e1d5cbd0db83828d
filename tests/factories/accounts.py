"""Customers."""

from typing import Any

from sqlalchemy.orm import Session

from app.access.rules import SYSTEM
from app.accounts.matching import Party
from app.accounts.models import Account
from app.accounts.rules import Details
from app.accounts.services import add_account
from tests.factories.clockwork import NOON, unique

_PARTY = ("name", "country", "domain", "tax_number", "duns", "city", "address")


def make_account(session: Session, **over: Any) -> Account:
    """Return a customer in Germany under a name of its own, filed under its keys."""
    given: dict[str, Any] = {"name": f"Kunde{unique()}werk GmbH", "country": "DE", **over}
    party = Party(**{name: given.pop(name) for name in _PARTY if name in given})
    at = given.pop("at", NOON)
    return add_account(session, party, actor=SYSTEM, at=at, details=Details(**given))
