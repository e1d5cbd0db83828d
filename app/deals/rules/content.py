"""What a registration says: its fields, who may change which, and what is still missing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from uuid import UUID

from app.deals.rules.states import ConsentBasis, DealSource, DealState, DealType, DeliveryModel
from app.deals.rules.windows import is_past
from app.kernel.currencies import DECIMALS
from app.kernel.errors import FieldError

_SHORTEST_PROBLEM = 20
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
_DUNS = re.compile(r"\d{2}[- ]?\d{3}[- ]?\d{4}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")


@dataclass(frozen=True, slots=True)
class LineContent:
    """One product line as far as it is filled in; the amount is in minor units."""

    product_id: UUID | None = None
    quantity: int | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a partner says in a registration."""

    title: str = ""
    customer_name: str = ""
    customer_domain: str = ""
    customer_country: str = ""
    customer_address: str = ""
    customer_city: str = ""
    customer_tax_number: str = ""
    customer_duns: str = ""
    customer_industry: str = ""
    contact_name: str = ""
    contact_email: str = ""
    consent_basis: ConsentBasis | None = None
    problem: str = ""
    deal_type: DealType = DealType.NEW_BUSINESS
    currency: str = ""
    expected_close_on: date | None = None
    source: DealSource | None = None
    delivery_model: DeliveryModel | None = None
    competitors: str = ""
    help_wanted: tuple[str, ...] = ()
    partner_reference: str = ""
    lines: tuple[LineContent, ...] = ()


FIELD_LABELS: Mapping[str, str] = {
    "title": "Deal title",
    "customer_name": "Company",
    "customer_domain": "Website",
    "customer_country": "Country",
    "customer_address": "Street and number",
    "customer_city": "City",
    "customer_tax_number": "Tax number",
    "customer_duns": "DUNS number",
    "customer_industry": "Industry",
    "contact_name": "Contact",
    "contact_email": "Contact’s e-mail",
    "consent_basis": "Ground for passing on the contact",
    "problem": "Customer’s problem",
    "deal_type": "Type of deal",
    "currency": "Currency",
    "expected_close_on": "Expected close",
    "source": "Source of the deal",
    "delivery_model": "Delivery model",
    "competitors": "Competitors",
    "help_wanted": "Help wanted",
    "partner_reference": "Your CRM id",
    "lines": "Products",
}
ALL_FIELDS = frozenset(field.name for field in fields(Content))
ASKABLE_FIELDS = tuple(name for name in FIELD_LABELS if name != "currency")
PROGRESS_FIELDS = frozenset(
    {"expected_close_on", "competitors", "help_wanted", "partner_reference"}
)
"""What a partner keeps up to date once its registration is approved."""


def editable_fields(state: DealState, asked: Iterable[str] = ()) -> frozenset[str]:
    """Return the fields that the partner may change in ``state``; ``asked`` by the reviewer."""
    if state is DealState.DRAFT:
        return ALL_FIELDS
    if state is DealState.ACTION_REQUIRED:
        return ALL_FIELDS & set(asked)
    return PROGRESS_FIELDS if state is DealState.APPROVED else frozenset()


def host_of(website: str) -> str:
    """Return the host of a website as people write it: no scheme, path, port or leading www."""
    host = re.split(r"[/?#]", website.strip().lower().split("://")[-1], maxsplit=1)[0]
    return host.split("@")[-1].split(":")[0].rstrip(".").removeprefix("www.")


def merged(before: Content, after: Content, names: Iterable[str]) -> Content:
    """Return ``before`` with the fields ``names`` taken from ``after``."""
    return replace(before, **{name: getattr(after, name) for name in names})


_REQUIRED: Mapping[str, str] = {
    "title": "Give the deal a title.",
    "customer_name": "Name the company.",
    "customer_domain": "Give the company’s website.",
    "customer_country": "Choose the company’s country.",
    "contact_name": "Name a contact at the company.",
    "contact_email": "Give the contact’s e-mail address.",
    "consent_basis": "Say on what ground you pass on the contact.",
    "problem": "Describe the customer’s problem.",
    "expected_close_on": "Say when you expect to close.",
    "source": "Say where the deal came from.",
    "delivery_model": "Say how the customer would get it.",
}


def complaints(
    content: Content, families: Mapping[UUID, UUID], today: date
) -> tuple[FieldError, ...]:
    """Return everything that stands in the way of submitting ``content``.

    ``families`` tells the product family of each product that can be registered.
    """
    found = [
        FieldError(name, message, f"deal.{name}_missing")
        for name, message in _REQUIRED.items()
        if not getattr(content, name)
    ]
    return (*found, *_malformed(content, today), *_line_complaints(content, families))


def _malformed(content: Content, today: date) -> list[FieldError]:
    found = []
    if content.customer_domain and not _DOMAIN.fullmatch(content.customer_domain):
        message = "Give a website such as example.com."
        found.append(FieldError("customer_domain", message, "deal.domain_malformed"))
    if content.contact_email and not _EMAIL.fullmatch(content.contact_email):
        message = "Give an e-mail address such as name@example.com."
        found.append(FieldError("contact_email", message, "deal.email_malformed"))
    if content.customer_duns and not _DUNS.fullmatch(content.customer_duns):
        message = "A DUNS number has nine digits."
        found.append(FieldError("customer_duns", message, "deal.duns_malformed"))
    if content.problem and len(content.problem) < _SHORTEST_PROBLEM:
        message = f"Describe the problem in at least {_SHORTEST_PROBLEM} characters."
        found.append(FieldError("problem", message, "deal.problem_too_short"))
    return [*found, *warnings(content, today)]


def warnings(content: Content, today: date) -> tuple[FieldError, ...]:
    """Return what a draft may say but no submission: a close date gone by, no known currency."""
    found = []
    if content.expected_close_on is not None and is_past(content.expected_close_on, today):
        message = "The expected close lies in the past."
        found.append(FieldError("expected_close_on", message, "deal.close_in_the_past"))
    if content.currency not in DECIMALS:
        message = f"“{content.currency}” is not a currency code."
        found.append(FieldError("currency", message, "deal.unknown_currency"))
    return tuple(found)


def _line_complaints(content: Content, families: Mapping[UUID, UUID]) -> list[FieldError]:
    if not content.lines:
        return [FieldError("lines", "Add at least one product.", "deal.lines_missing")]
    found = []
    for index, line in enumerate(content.lines):
        found += [
            FieldError(f"lines-{index}-{name}", message, f"deal.line_{name}_missing")
            for name, message in _gaps(line, families)
        ]
    chosen = [line.product_id for line in content.lines if line.product_id is not None]
    known = {families[product_id] for product_id in chosen if product_id in families}
    if len(known) > 1:
        message = "Register products of one family at a time; each family is protected by itself."
        found.append(FieldError("lines", message, "deal.mixed_families"))
    return found


def _gaps(line: LineContent, families: Mapping[UUID, UUID]) -> list[tuple[str, str]]:
    gaps = []
    if line.product_id not in families:
        gaps.append(("product", "Choose a product."))
    if not line.quantity or line.quantity < 0:
        gaps.append(("quantity", "Give a quantity of at least 1."))
    if line.amount_minor is None or line.amount_minor <= 0:
        gaps.append(("amount", "Give an amount above zero."))
    return gaps
