"""What is done to the catalogue: add a family or product, edit a product, publish a price list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.access.rules import Actor
from app.catalogue import queries
from app.catalogue.models import Family, Price, PriceList, Product
from app.catalogue.rules import CodeTaken, ListExists, ListFacts, ProductFacts, check_list, code_of
from app.kernel.errors import FieldError, NotFound
from app.ledger.services import record

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('catalogue', 0))")
_LONGEST_FAMILY_CODE, _LONGEST_PRODUCT_CODE = 20, 40


def add_family(session: Session, *, code: str, name: str, actor: Actor, at: datetime) -> Family:
    """Add a family of products.

    :raises Invalid: if the code is none, or taken
    """
    session.execute(_ONE_AT_A_TIME)
    code = code_of(code, longest=_LONGEST_FAMILY_CODE)
    if session.scalar(select(Family.id).where(Family.code == code)) is not None:
        _taken(code)
    family = Family(code=code, name=name)
    session.add(family)
    session.flush()
    record(session, "catalogue.family.added", subject=family, actor=actor, at=at, code=code)
    return family


def add_product(session: Session, *, facts: ProductFacts, actor: Actor, at: datetime) -> Product:
    """Add a product; it is sold once a price list names it.

    :raises Invalid: if the code is none, or taken
    :raises NotFound: if there is no such family
    """
    product = Product()
    _describe(session, product, facts)
    session.add(product)
    session.flush()
    record(
        session, "catalogue.product.added", subject=product, actor=actor, at=at,
        code=product.code, family_id=str(product.family_id),
    )  # fmt: skip
    return product


def edit_product(
    session: Session, product_id: UUID, *, facts: ProductFacts, actor: Actor, at: datetime
) -> Product:
    """Change what is said of a product; what was sold keeps its own words and amounts.

    :raises Invalid: if the code is none, or taken
    :raises NotFound: if there is no such product or family
    """
    product = queries.product(session, product_id, lock=True)
    before = _facts(product)
    _describe(session, product, facts)
    changed = sorted(name for name, value in _facts(product).items() if value != before[name])
    if changed:
        record(
            session, "catalogue.product.edited", subject=product, actor=actor, at=at,
            fields=changed, code=product.code, is_active=product.is_active,
        )  # fmt: skip
    return product


def publish_price_list(
    session: Session, *, facts: ListFacts, actor: Actor, at: datetime
) -> PriceList:
    """Publish the prices of one currency from one day on; a published list is never changed.

    :raises Invalid: if there is no such currency, no price, or an impossible one
    :raises ListExists: if a list of that currency begins on that day already
    """
    check_list(facts)
    session.execute(_ONE_AT_A_TIME)
    taken = select(PriceList.id).where(
        PriceList.currency == facts.currency, PriceList.valid_from == facts.valid_from
    )
    if session.scalar(taken) is not None:
        raise ListExists(
            f"A list in {facts.currency} from {facts.valid_from.isoformat()} is published already; "
            "publish the change from another day on."
        )
    published = PriceList(name=facts.name, currency=facts.currency, valid_from=facts.valid_from)
    session.add(published)
    session.flush()
    rows = [
        {"price_list_id": published.id, "product_id": product_id, "unit_minor": minor}
        for product_id, minor in facts.prices.items()
    ]
    session.execute(insert(Price), rows)
    record(
        session, "catalogue.price.published", subject=published, actor=actor, at=at,
        currency=facts.currency, valid_from=facts.valid_from.isoformat(), prices=len(rows),
    )  # fmt: skip
    return published


def _facts(product: Product) -> dict[str, object]:
    return {name: getattr(product, name) for name in ("code", "name", "family_id", "is_active")}


def _describe(session: Session, product: Product, facts: ProductFacts) -> None:
    session.execute(_ONE_AT_A_TIME)
    code = code_of(facts.code, longest=_LONGEST_PRODUCT_CODE)
    if session.get(Family, facts.family_id) is None:
        raise NotFound("There is no such family.")
    other = select(Product.id).where(Product.code == code)
    if session.scalar(other) not in (None, product.id):
        _taken(code)
    product.code, product.name = code, facts.name
    product.family_id, product.is_active = facts.family_id, facts.is_active


def _taken(code: str) -> None:
    sentence = f"{code} is taken already."
    raise CodeTaken(sentence, errors=(FieldError("code", sentence, CodeTaken.code),))
