"""Pages of accounts, for the vendor."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.accounts import queries, services
from app.accounts.forms import AccountForm
from app.accounts.matching import Party
from app.accounts.models import Account
from app.db.paging import Page
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.web.choices import countries
from app.web.respond import flash, form_page, page, see_other

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

_LONGEST_SEARCH = 120
_PLACES = (("Deals", "deals.of_account"), ("Pipeline", "pipeline.of_account"))
"""What features above tell of an account: a fragment each, where there is one."""


@bp.get("")
@requires(Permission.ACCOUNT_VIEW)
def index() -> ResponseReturnValue:
    """List accounts; ``q`` is a name or a domain."""
    search = request.args.get("q", "").replace("\0", "")[:_LONGEST_SEARCH]
    number = request.args.get("page", 1, type=int)
    found = queries.page_of_accounts(current_session(), search=search, number=number)
    named = countries(the_actor().locale)
    return page("accounts/index.html", found=found, search=search, named=named,
                pages=_pages(found, search))  # fmt: skip


@bp.get("/new")
@requires(Permission.ACCOUNT_EDIT)
def new() -> ResponseReturnValue:
    """Show the form of a new account."""
    return form_page("accounts/form.html", form=_offered(AccountForm(version=1)), customer=None)


@bp.post("")
@requires(Permission.ACCOUNT_EDIT)
def add() -> ResponseReturnValue:
    """Add an account."""
    form = _offered(AccountForm())
    if form.validate():
        try:
            added = services.add_account(
                current_session(), form.party, actor=the_actor(), at=now(), details=form.details
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{added.name} is added.")
            return see_other("accounts.show", account_id=added.id)
    return form_page("accounts/form.html", form=form, customer=None)


@bp.get("/<uuid:account_id>")
@requires(Permission.ACCOUNT_VIEW)
def show(account_id: UUID) -> ResponseReturnValue:
    """Show one account: its facts, its family, and those that may be the same."""
    session = current_session()
    customer = queries.one(session, account_id)
    return page(
        "accounts/show.html",
        customer=customer,
        family=queries.parent_and_children(session, customer),
        similar=[
            m for m in queries.matches(session, _party(customer)) if m.account_id != customer.id
        ],
        named=countries(the_actor().locale),
        places=[
            {"title": title, "url": url_for(endpoint, account_id=account_id)}
            for title, endpoint in _PLACES
            if endpoint in current_app.view_functions
        ],
    )


@bp.get("/<uuid:account_id>/edit")
@requires(Permission.ACCOUNT_EDIT)
def edit(account_id: UUID) -> ResponseReturnValue:
    """Show the form of an account."""
    customer = queries.one(current_session(), account_id)
    form = _offered(AccountForm(data=_values(customer)), customer)
    return form_page("accounts/form.html", form=form, customer=customer, stored={})


@bp.post("/<uuid:account_id>")
@requires(Permission.ACCOUNT_EDIT)
def save(account_id: UUID) -> ResponseReturnValue:
    """Save what was changed; where somebody else was first, show both values."""
    customer = queries.one(current_session(), account_id, lock=True)
    form = _offered(AccountForm(), customer)
    stored: dict[str, Any] = {}
    if form.validate():
        stored = form.conflicts(customer.version, _values(customer))
        if not stored:
            try:
                services.edit(current_session(), account_id, party=form.party,
                              details=form.details, actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"{customer.name} is saved.")
                return see_other("accounts.show", account_id=account_id)
    answer = form_page("accounts/form.html", form=form, customer=customer, stored=stored)
    answer.status_code = 409 if stored else answer.status_code
    return answer


def _party(customer: Account) -> Party:
    return Party(customer.name, customer.country, customer.domain, customer.tax_number,
                 customer.duns, customer.city or None, customer.address or None)  # fmt: skip


def _values(customer: Account) -> dict[str, Any]:
    empty_as_text = ("country", "domain", "tax_number", "duns")
    values = {name: getattr(customer, name) or "" for name in empty_as_text}
    for name in ("name", "city", "address", "industry", "is_named", "version"):
        values[name] = getattr(customer, name)
    return {**values, "parent_id": str(customer.parent_id or "")}


def _offered(form: AccountForm, customer: Account | None = None) -> AccountForm:
    parents = [(row.id, row.name) for row in queries.choices(current_session())]
    if customer is not None:
        parents = [pair for pair in parents if pair[0] != customer.id]
        known = {key for key, _ in parents}
        if customer.parent_id is not None and customer.parent_id not in known:
            parent = queries.one(current_session(), customer.parent_id)
            parents.append((parent.id, parent.name))
    form.offer(parents, the_actor().locale)
    return form


def _pages(found: Page, search: str) -> dict[str, Any]:
    def url(number: int) -> str:
        return url_for("accounts.index", q=search or None, page=number)

    return {
        "first": found.first_row,
        "last": found.last_row,
        "total": found.total,
        "previous_url": url(found.number - 1) if found.number > 1 else "",
        "next_url": url(found.number + 1) if found.number < found.last else "",
    }


def install(app: Flask) -> None:
    """Give the portal the pages of accounts."""
    app.register_blueprint(bp)
