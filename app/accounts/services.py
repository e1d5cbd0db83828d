"""What is done to accounts: add, edit, rename, file under keys, find or add."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, text
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.accounts import queries
from app.accounts.matching import Party, domain_of, duns_of, keys, tax_number_of
from app.accounts.matching.blocking import WORD
from app.accounts.models import Account, AccountKey, NameToken
from app.accounts.rules import LONGEST_NAME, NO_DETAILS, Details, is_certain
from app.kernel.errors import Conflict, FieldError, Invalid
from app.ledger.services import record

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class AccountIsItsOwnParent(Invalid):
    """An account cannot stand above itself."""

    code = "accounts.own_parent"


class AccountChanged(Conflict):
    """Somebody changed the account since it was opened."""

    code = "accounts.stale_version"


def add_account(
    session: Session, party: Party, *, actor: Actor, at: datetime, details: Details = NO_DETAILS
) -> Account:
    """Add an account and file it under its keys.

    :raises Invalid: if it has no name, or a number that is none
    """
    account = Account(created_at=at)
    _describe(account, party, details)
    session.add(account)
    session.flush()
    index_keys(session, account)
    record(
        session, "accounts.account.added", subject=account, actor=actor, at=at,
        country=account.country, source=account.source,
    )  # fmt: skip
    return account


def edit(
    session: Session,
    account_id: UUID,
    *,
    party: Party,
    details: Details,
    actor: Actor,
    at: datetime,
) -> Account:
    """Replace what is known of an account, keeping where it came from.

    :raises NotFound: if there is no such account
    :raises Invalid: if a fact cannot be, or it would stand above itself
    """
    account = queries.one(session, account_id, lock=True)
    if details.parent_id is not None:
        _refuse_circle(session, account, details.parent_id)
    before = {name: getattr(account, name) for name in _FACTS}
    _describe(account, party, Details(**{**asdict(details), **_source_of(account)}))
    index_keys(session, account)
    changed = sorted(name for name in _FACTS if getattr(account, name) != before[name])
    if changed:
        record(
            session, "accounts.account.edited", subject=account, actor=actor, at=at, fields=changed
        )
    return account


def rename(session: Session, account_id: UUID, *, name: str, actor: Actor, at: datetime) -> Account:
    """Give an account another name and file it anew.

    :raises NotFound: if there is no such account
    """
    account = queries.one(session, account_id, lock=True)
    account.name = _named(name)
    index_keys(session, account)
    record(session, "accounts.account.edited", subject=account, actor=actor, at=at, fields=["name"])
    return account


def find_or_add(session: Session, party: Party, *, at: datetime, actor: Actor) -> Account:
    """Return the account that ``party`` certainly is, or a new one.

    A likely but uncertain match is not taken: a person decides that. Partners may not read or
    write accounts, so their services call this in the system's reach.
    """
    session.execute(_LOCK, {"key": f"account {min(keys(_named(party.name)))}"})
    for match in queries.matches(session, party):
        if is_certain(match.verdict):
            return queries.one(session, match.account_id)
    return add_account(session, party, actor=actor, at=at)


def index_keys(session: Session, account: Account) -> None:
    """File an account under the keys of its present facts and no others."""
    session.flush()
    wanted = keys(account.name, account.country, account.domain, account.tax_number, account.duns)
    filed = set(session.scalars(select(AccountKey.key).where(AccountKey.account_id == account.id)))
    if filed - wanted:
        stale = AccountKey.key.in_(filed - wanted)
        session.execute(delete(AccountKey).where(AccountKey.account_id == account.id, stale))
    if wanted - filed:
        rows = [{"key": key, "account_id": account.id} for key in sorted(wanted - filed)]
        session.execute(insert(AccountKey), rows)


def learn_rarity(session: Session) -> int:
    """Count anew how many accounts carry each word, and return the number of words.

    Words of one account alone are left out: a word not in the table counts as never seen.
    """
    session.execute(delete(NameToken))
    word = func.substr(AccountKey.key, len(WORD) + 1).label("token")
    counted = (
        select(word, func.count().label("accounts"))
        .where(AccountKey.key >= WORD, AccountKey.key < WORD[:-1] + chr(ord(WORD[-1]) + 1))
        .where(func.length(AccountKey.key) <= len(WORD) + 80)
        .group_by(word)
        .having(func.count() > 1)
    )
    total = select(literal(queries.ALL_NAMES), func.count()).select_from(Account)
    found = session.execute(insert(NameToken).from_select(["token", "accounts"], counted))
    session.execute(insert(NameToken).from_select(["token", "accounts"], total))
    return int(getattr(found, "rowcount", 0))


_FACTS = (
    "name", "country", "domain", "tax_number", "duns", "city", "address", "industry", "parent_id",
    "is_named",
)  # fmt: skip


def _source_of(account: Account) -> dict[str, str | None]:
    return {"source": account.source, "source_id": account.source_id}


def _describe(account: Account, party: Party, details: Details) -> None:
    account.name = _named(party.name)
    account.country = party.country or None
    account.domain = domain_of(party.domain)
    account.tax_number = tax_number_of(party.tax_number, party.country)
    account.duns = _duns(party.duns)
    account.city = (party.city or "").strip()
    account.address = (party.address or "").strip()
    for name, value in asdict(details).items():
        setattr(account, name, value)


def _named(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        message = f"Give a name of 1 to {LONGEST_NAME} characters."
        raise Invalid.fields(FieldError("name", message, "accounts.name"))
    return tidy


def _duns(text: str | None) -> str | None:
    number = duns_of(text)
    if text and number is None:
        message = "A DUNS number has nine digits."
        raise Invalid.fields(FieldError("duns", message, "accounts.duns"))
    return number


def _refuse_circle(session: Session, account: Account, parent_id: UUID) -> None:
    """Refuse a parent that stands below the account itself."""
    above: UUID | None = parent_id
    seen: set[UUID] = set()
    while above is not None and above not in seen:
        if above == account.id:
            message = "An account cannot stand above itself."
            error = FieldError("parent_id", message, AccountIsItsOwnParent.code)
            raise AccountIsItsOwnParent(message, errors=(error,))
        seen.add(above)
        above = queries.one(session, above).parent_id
