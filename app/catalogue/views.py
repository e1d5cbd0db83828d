"""The price list for everybody; products and lists for those who keep them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.catalogue import queries, services
from app.catalogue.forms import FamilyForm, ListForm, ProductForm
from app.catalogue.models import Product
from app.kernel.clock import now, today
from app.kernel.errors import Conflict, Invalid
from app.kernel.money import Money, decimals
from app.web.respond import flash, form_page, page, see_other

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")

_LONGEST_SEARCH = 120


@bp.get("")
@requires(Permission.CATALOGUE_VIEW)
def index() -> ResponseReturnValue:
    """List the products with their prices in each currency."""
    session, keeps = current_session(), the_actor().may(Permission.CATALOGUE_EDIT)
    search = request.args.get("q", "").replace("\0", "")[:_LONGEST_SEARCH]
    return page(
        "catalogue/index.html",
        products=queries.products(session, with_inactive=keeps, search=search),
        prices=queries.price_table(session, today()),
        currencies=queries.currencies(session, today()),
        lists=queries.lists(session) if keeps else [],
        families=queries.families(session) if keeps else [],
        search=search,
    )


@bp.get("/families/new")
@requires(Permission.CATALOGUE_EDIT)
def new_family() -> ResponseReturnValue:
    """Show the form of a new family."""
    return form_page("catalogue/family.html", form=FamilyForm())


@bp.post("/families")
@requires(Permission.CATALOGUE_EDIT)
def add_family() -> ResponseReturnValue:
    """Add a family."""
    form = FamilyForm()
    if form.validate():
        try:
            added = services.add_family(
                current_session(), code=form.code.data or "", name=form.name.data or "",
                actor=the_actor(), at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{added.name} is added.")
            return see_other("catalogue.index")
    return form_page("catalogue/family.html", form=form)


@bp.get("/products/new")
@requires(Permission.CATALOGUE_EDIT)
def new_product() -> ResponseReturnValue:
    """Show the form of a new product."""
    return form_page("catalogue/product.html", form=_offered(ProductForm(version=1)), product=None)


@bp.post("/products")
@requires(Permission.CATALOGUE_EDIT)
def add_product() -> ResponseReturnValue:
    """Add a product."""
    form = _offered(ProductForm())
    if form.validate():
        try:
            added = services.add_product(
                current_session(), facts=form.facts, actor=the_actor(), at=now()
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{added.name} is added; publish a price list that names it.")
            return see_other("catalogue.index")
    return form_page("catalogue/product.html", form=form, product=None)


@bp.get("/products/<uuid:product_id>")
@requires(Permission.CATALOGUE_EDIT)
def edit_product(product_id: UUID) -> ResponseReturnValue:
    """Show the form of a product."""
    product = queries.product(current_session(), product_id)
    form = _offered(ProductForm(data=_values(product)))
    return form_page("catalogue/product.html", form=form, product=product)


@bp.post("/products/<uuid:product_id>")
@requires(Permission.CATALOGUE_EDIT)
def save_product(product_id: UUID) -> ResponseReturnValue:
    """Save what was changed; where somebody else was first, show both values."""
    product = queries.product(current_session(), product_id, lock=True)
    form, stored = _offered(ProductForm()), {}
    if form.validate():
        stored = form.conflicts(product.version, _values(product))
        if not stored:
            try:
                services.edit_product(
                    current_session(), product_id, facts=form.facts, actor=the_actor(), at=now()
                )
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                flash(f"{product.name} is saved.")
                return see_other("catalogue.index")
    answer = form_page("catalogue/product.html", form=form, product=product, stored=stored)
    answer.status_code = 409 if stored else answer.status_code
    return answer


@bp.get("/lists/new")
@requires(Permission.CATALOGUE_EDIT)
def new_list() -> ResponseReturnValue:
    """Show a new list, filled with the prices of the one in force."""
    session = current_session()
    wanted = request.args.get("currency", "")
    known = queries.currencies(session, today())
    currency = wanted if _is_currency(wanted) else (known[0] if known else "EUR")
    in_force = {
        price.product_id: Money(price.unit_minor, currency)
        for price in queries.current_prices(session, currency, today())
    }
    products = queries.products(session)
    form = ListForm(
        currency=currency,
        prices=[{"product_id": str(p.id), "unit": in_force.get(p.id)} for p in products],
    )
    return form_page("catalogue/new_list.html", form=form, named=_named(products))


@bp.post("/lists")
@requires(Permission.CATALOGUE_EDIT)
def publish_list() -> ResponseReturnValue:
    """Publish a price list."""
    products = queries.products(current_session())
    form = ListForm()
    if form.validate():
        try:
            published = services.publish_price_list(
                current_session(), facts=form.facts({p.id for p in products}), actor=the_actor(),
                at=now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.valid_from.errors = [refusal.sentence]
        else:
            flash(f"{published.name} is published.")
            return see_other("catalogue.show_list", list_id=published.id)
    return form_page("catalogue/new_list.html", form=form, named=_named(products))


@bp.get("/lists/<uuid:list_id>")
@requires(Permission.CATALOGUE_VIEW)
def show_list(list_id: UUID) -> ResponseReturnValue:
    """Show one price list."""
    published = queries.price_list(current_session(), list_id)
    prices = queries.prices_of(current_session(), list_id)
    return page("catalogue/list.html", published=published, prices=prices)


def _offered(form: ProductForm) -> ProductForm:
    form.offer([(family.id, family.name) for family in queries.families(current_session())])
    return form


def _values(product: Product) -> dict[str, Any]:
    values = {name: getattr(product, name) for name in ("code", "name", "is_active", "version")}
    return {**values, "family_id": str(product.family_id)}


def _named(products: Any) -> dict[str, Any]:
    return {str(product.id): product for product in products}


def _is_currency(code: str) -> bool:
    try:
        decimals(code)
    except Invalid:
        return False
    return True


def install(app: Flask) -> None:
    """Give the portal the pages of the catalogue."""
    app.register_blueprint(bp)
