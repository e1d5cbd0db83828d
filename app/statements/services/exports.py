"""The payment files: CSV for every bank, ISO 20022 pain.001 for euro."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.db.engine import elevated
from app.db.numbering import next_reference
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import new_id
from app.kernel.money import Money
from app.kernel.sealing import seal, unseal
from app.ledger.services import record
from app.partners.rules import BankAccount
from app.partners.services import read_ibans
from app.revenue.models import LegalEntity
from app.statements import queries
from app.statements.models import Payout, PayoutExport
from app.statements.rules import PayoutAct, PayoutState
from app.statements.services.payouts import move
from app.web.exports import csv_bytes

SCHEMA = "pain.001.001.03"
_HEAD = ("Payout", "Statement", "Partner", "Account holder", "IBAN", "BIC", "Amount", "Currency")


class NothingToExport(Conflict):
    """No approved payout of the period can be paid."""

    code = "payout.nothing_to_export"


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A payment file on its way to the bank."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """One payout and the account it goes to."""

    payout: Payout
    account: BankAccount


def export_payouts(
    session: Session, period_id: UUID, *, actor: Actor, at: datetime
) -> Sequence[PayoutExport]:
    """Write the approved payouts of a period into payment files, one a company and currency.

    A payout goes into one file only. One whose partner has no account, or is not active, waits; so
    does one that pays a line in dispute.

    :raises NothingToExport: if no approved payout can be paid
    """
    queries.period(session, period_id, lock=True)
    approved = queries.payouts_of(session, period_id, PayoutState.APPROVED, lock=True)
    groups: dict[tuple[UUID, str], list[Due]] = {}
    for due in _due(session, approved):
        key = due.payout.statement.entity_id, due.payout.currency
        groups.setdefault(key, []).append(due)
    if not groups:
        said = "No approved payout can be sent; beside each stands what it waits for."
        raise NothingToExport(said)
    order = sorted(groups, key=lambda key: (key[1], str(key[0])))
    return [_export(session, period_id, groups[key], actor=actor, at=at) for key in order]


def payment_file(
    session: Session, export_id: UUID, *, kind: str, actor: Actor, at: datetime
) -> PaymentFile:
    """Return a payment file as it was first written, byte for byte; the ledger notes the taking.

    :raises NotFound: if there is no such file
    """
    export = queries.export_with_content(session, export_id)
    sealed = {"csv": export.csv_sealed, "xml": export.xml_sealed}.get(kind)
    if sealed is None:
        raise NotFound
    record(session, "access.export.taken", subject=export, actor=actor, at=at, kind=kind,
           number=export.number)  # fmt: skip
    media = {"csv": "text/csv", "xml": "application/xml"}[kind]
    content = b64decode(unseal(sealed, _context(export.id, kind)))
    return PaymentFile(f"{export.number}.{kind}", media, content)


def _due(session: Session, payouts: Sequence[Payout]) -> list[Due]:
    with elevated(session):
        accounts = read_ibans(session, [payout.partner_id for payout in payouts])
    waits = queries.payout_gates(session, [payout.id for payout in payouts])
    return [
        Due(payout, accounts[payout.partner_id]) for payout in payouts if payout.id not in waits
    ]


def _export(
    session: Session, period_id: UUID, due: Sequence[Due], *, actor: Actor, at: datetime
) -> PayoutExport:
    first = due[0].payout
    entity = session.get_one(LegalEntity, first.statement.entity_id)
    export = PayoutExport(
        id=new_id(),
        number=next_reference(session, "PX", at.year),
        period_id=period_id,
        entity_id=entity.id,
        currency=first.currency,
        count=len(due),
        total_minor=sum(each.payout.amount_minor for each in due),
        made_at=at,
        made_by=actor.user_id,
    )
    _fill(export, payments_csv(due), payments_xml(entity, due, on=at.date()))
    session.add(export)
    session.flush()
    for each in due:
        each.payout.export_id, each.payout.exported_at = export.id, at
        move(session, each.payout, PayoutAct.EXPORT, actor=actor, at=at)
    return export


def _fill(export: PayoutExport, csv: bytes, xml: bytes | None) -> None:
    export.csv_sealed = seal(b64encode(csv).decode(), _context(export.id, "csv"))
    export.csv_sha256 = hashlib.sha256(csv).hexdigest()
    export.xml_sealed, export.xml_sha256 = None, ""
    if xml is not None:
        export.xml_sealed = seal(b64encode(xml).decode(), _context(export.id, "xml"))
        export.xml_sha256 = hashlib.sha256(xml).hexdigest()


def _context(export_id: UUID, kind: str) -> str:
    return f"payout_export.{kind}:{export_id}"


def payments_csv(due: Sequence[Due]) -> bytes:
    """Return payouts as CSV, one to a row."""
    rows = [
        (
            each.payout.number,
            each.payout.statement.number,
            each.payout.partner.number,
            each.account.holder,
            each.account.iban,
            each.account.bic,
            Money(each.payout.amount_minor, each.payout.currency),
            each.payout.currency,
        )
        for each in due
    ]
    return csv_bytes(_HEAD, rows)


def payments_xml(entity: LegalEntity, due: Sequence[Due], *, on: date) -> bytes | None:
    """Return payouts in euro as ISO 20022 pain.001, checked against its schema.

    None where SEPA does not reach: another currency, or a company without an account.
    """
    if due[0].payout.currency != "EUR" or not entity.iban:
        return None
    from sepaxml import SepaTransfer  # with its XML schemas, needed by few requests

    config: dict[str, Any] = {"name": entity.name, "IBAN": entity.iban, "batch": True,
                              "currency": "EUR"}  # fmt: skip
    if entity.bic:
        config["BIC"] = entity.bic
    transfer = SepaTransfer(config, schema=SCHEMA, clean=True)
    for each in due:
        transfer.add_payment(_payment(each, on))
    written: bytes = transfer.export(validate=True)
    return written


def _payment(due: Due, on: date) -> dict[str, Any]:
    payment: dict[str, Any] = {
        "name": due.account.holder,
        "IBAN": due.account.iban,
        "amount": due.payout.amount_minor,
        "execution_date": on,
        "description": f"Commission {due.payout.statement.number}",
        "endtoend_id": due.payout.number,
    }
    return payment | ({"BIC": due.account.bic} if due.account.bic else {})
