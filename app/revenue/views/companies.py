"""The vendor's companies, which sell and bill."""

from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.revenue import queries, services
from app.revenue.forms import EntityForm
from app.revenue.views import bp
from app.web.respond import flash, form_page, page, see_other


@bp.get("/legal-entities")
@requires(Permission.ORDER_VIEW)
def entities() -> ResponseReturnValue:
    """List the vendor's companies."""
    return page("revenue/entities.html", entities=queries.entities(current_session()))


@bp.get("/legal-entities/new")
@requires(Permission.ORDER_EDIT)
def new_entity() -> ResponseReturnValue:
    """Show the form of another company."""
    return form_page("revenue/entity.html", form=EntityForm())


@bp.post("/legal-entities")
@requires(Permission.ORDER_EDIT)
def add_entity() -> ResponseReturnValue:
    """Add a company."""
    form = EntityForm()
    if form.validate():
        try:
            added = services.add_entity(current_session(), form.facts, actor=the_actor(), at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(f"{added.name} is added.")
            return see_other("revenue.entities")
    return form_page("revenue/entity.html", form=form)
