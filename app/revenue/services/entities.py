"""The vendor's companies, which sell, bill and pay."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.kernel.errors import Conflict, FieldError, Invalid
from app.kernel.money import decimals
from app.ledger.services import record
from app.revenue import queries
from app.revenue.models import LegalEntity


class NoLegalEntity(Conflict):
    """There is no company of the vendor that could sell."""

    code = "revenue.no_legal_entity"


class EntityCodeTaken(Invalid):
    """Another company has this code."""

    code = "revenue.entity_code_taken"


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """What stands on the papers of one company."""

    code: str
    name: str
    country: str
    currency: str
    street: str = ""
    city: str = ""
    postcode: str = ""
    tax_number: str = ""
    iban: str = ""
    bic: str = ""


def add_entity(session: Session, facts: EntityFacts, *, actor: Actor, at: datetime) -> LegalEntity:
    """Add a company of the vendor.

    :raises UnknownCurrency: if its currency is none
    :raises EntityCodeTaken: if another has its code
    """
    decimals(facts.currency)
    if session.scalar(select(LegalEntity.id).where(LegalEntity.code == facts.code)) is not None:
        sentence = f"There is a company with the code {facts.code} already."
        raise EntityCodeTaken(
            sentence, errors=(FieldError("code", sentence, EntityCodeTaken.code),)
        )
    entity = LegalEntity(**asdict(facts))
    session.add(entity)
    session.flush()
    record(
        session, "revenue.entity.added", subject=entity, actor=actor, at=at,
        code=entity.code, country=entity.country, currency=entity.currency,
    )  # fmt: skip
    return entity


def entity_for(session: Session, currency: str) -> LegalEntity:
    """Return the company that sells in ``currency`` where nobody chose: the first that keeps its
    books in it, else the first by code.

    :raises NoLegalEntity: if there is none at all
    """
    known = queries.entities(session)
    if not known:
        raise NoLegalEntity("Add the company that sells before you book an order.")
    return next((entity for entity in known if entity.currency == currency), known[0])
