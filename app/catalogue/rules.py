"""What a product, a family and a price list must be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.errors import Conflict, FieldError, Invalid
from app.kernel.money import LARGEST_MINOR, decimals

_CODE = re.compile(r"[A-Z0-9][A-Z0-9 ._/+-]*")


class CodeTaken(Invalid):
    """Another product or family has this code."""

    code = "catalogue.code_taken"


class NotACode(Invalid):
    """A code begins with a letter or digit and holds no more than a few signs beside."""

    code = "catalogue.not_a_code"


class NoPrices(Invalid):
    """A price list without a price says nothing."""

    code = "catalogue.no_prices"


class NotAPrice(Invalid):
    """A price is a finite amount of zero or above."""

    code = "catalogue.not_a_price"


class ListExists(Conflict):
    """There is a list of that currency from that day on; a published list is never changed."""

    code = "catalogue.list_exists"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is said of a product."""

    code: str
    name: str
    family_id: UUID
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A price list before it is published: prices in minor units by product."""

    name: str
    currency: str
    valid_from: date
    prices: Mapping[UUID, int]


def code_of(text: str, *, longest: int) -> str:
    """Return a code in its one spelling: upper case, single spaces.

    :raises NotACode: if it is empty, too long, or holds other signs
    """
    tidy = " ".join(text.upper().split())
    if len(tidy) > longest or not _CODE.fullmatch(tidy):
        sentence = f"Give a code of up to {longest} letters, digits, spaces and - . _ / +."
        raise NotACode(sentence, errors=(FieldError("code", sentence, NotACode.code),))
    return tidy


def same_code(text: str) -> str:
    """Return what two spellings of one product's name have in common: its letters and digits."""
    return "".join(c for c in text.upper() if c.isalnum())


def check_list(facts: ListFacts) -> None:
    """Refuse a list that cannot be published.

    :raises UnknownCurrency: if its currency is none
    :raises NoPrices: if it holds no price
    :raises NotAPrice: if a price lies below zero or beyond all reason
    """
    decimals(facts.currency)
    if not facts.prices:
        raise NoPrices("Give at least one price.")
    if any(not 0 <= minor <= LARGEST_MINOR for minor in facts.prices.values()):
        raise NotAPrice("A price is an amount of zero or above.")
