"""The library as its editors meet it."""

from typing import Any, TypeVar
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from app.access.guard import current_session, requires, the_actor
from app.access.rules import Permission
from app.enablement import queries, services
from app.enablement.forms import ItemForm, NewItemForm
from app.enablement.models import LibraryItem
from app.enablement.views.blueprint import bp
from app.files.rules import KINDS, FileEmpty, FileIsNotWhatItSays, FileKindNotTaken, FileTooLarge
from app.kernel.clock import now
from app.kernel.errors import FieldError, Invalid
from app.partners.queries import programmes, tier_choices
from app.web.compare import compared
from app.web.respond import flash, form_page, see_other

F = TypeVar("F", NewItemForm, ItemForm)
_ABOUT_FILES = (FileEmpty, FileIsNotWhatItSays, FileKindNotTaken, FileTooLarge)


@bp.get("/library/new")
@requires(Permission.LIBRARY_EDIT)
def new() -> ResponseReturnValue:
    """Show the form of a new item."""
    return _page(_offered(NewItemForm(formdata=None)), None)


@bp.post("/library")
@requires(Permission.LIBRARY_EDIT)
def add() -> ResponseReturnValue:
    """Add an item, as a draft."""
    form = _offered(NewItemForm())
    if form.validate():
        try:
            item = services.add_item(current_session(), form.content, upload=form.file,
                                     actor=the_actor(), at=now())  # fmt: skip
        except Invalid as refusal:
            _refuse(form, refusal)
        else:
            flash(f"“{item.title}” is a draft. Publish it when partners may read it.")
            return see_other("enablement.show", slug=item.slug)
    return _page(form, None)


@bp.get("/library/items/<uuid:item_id>")
@requires(Permission.LIBRARY_EDIT)
def edit(item_id: UUID) -> ResponseReturnValue:
    """Show the form of an item."""
    item = queries.by_id(current_session(), item_id)
    return _page(_offered(ItemForm(formdata=None, data=_values(item))), item)


@bp.post("/library/items/<uuid:item_id>")
@requires(Permission.LIBRARY_EDIT)
def save(item_id: UUID) -> ResponseReturnValue:
    """Save an item; where somebody else was first, show both values."""
    item = queries.by_id(current_session(), item_id, lock=True)
    form, stored = _offered(ItemForm()), dict[str, Any]()
    if form.validate():
        stored = form.conflicts(item.version, _values(item))
        if not stored:
            try:
                services.edit_item(current_session(), item_id, content=form.content,
                                   upload=form.file, actor=the_actor(), at=now())  # fmt: skip
            except Invalid as refusal:
                _refuse(form, refusal)
            else:
                flash(f"“{item.title}” is saved.")
                return see_other("enablement.show", slug=item.slug)
    return _page(form, item, stored)


@bp.post("/library/items/<uuid:item_id>/publication")
@requires(Permission.LIBRARY_EDIT)
def publication(item_id: UUID) -> ResponseReturnValue:
    """Let partners read an item."""
    item = services.publish(current_session(), item_id, actor=the_actor(), at=now())
    flash(f"“{item.title}” is published.")
    return see_other("enablement.show", slug=item.slug)


@bp.post("/library/items/<uuid:item_id>/withdrawal")
@requires(Permission.LIBRARY_EDIT)
def withdrawal(item_id: UUID) -> ResponseReturnValue:
    """Hide an item from partners again."""
    item = services.withdraw(current_session(), item_id, actor=the_actor(), at=now())
    flash(f"“{item.title}” is a draft again.")
    return see_other("enablement.show", slug=item.slug)


def _values(item: LibraryItem) -> dict[str, Any]:
    names = ("title", "slug", "summary", "body", "valid_until", "version")
    keys = {name: str(getattr(item, name) or "") for name in ("programme_id", "tier_id")}
    return {**{name: getattr(item, name) for name in names}, **keys, "kind": item.kind.value}


def _offered(form: F) -> F:
    rows = tier_choices(current_session())
    tiers = [(row.id, f"{row.programme}: {row.tier}") for row in rows]
    form.offer([(row.id, row.name) for row in programmes(current_session())], tiers)
    return form


def _refuse(form: NewItemForm | ItemForm, refusal: Invalid) -> None:
    """Put the refusal of a file beside the field that brought it."""
    if isinstance(refusal, _ABOUT_FILES):
        refusal = Invalid.fields(FieldError("upload", refusal.sentence, refusal.code))
    form.refuse(refusal)


def _page(
    form: NewItemForm | ItemForm, item: LibraryItem | None, stored: dict[str, Any] | None = None
) -> Response:
    answer = form_page(
        "enablement/form.html",
        form=form,
        item=item,
        changed=compared(form, stored or {}),
        taken=", ".join(sorted(KINDS)),
    )
    answer.status_code = 409 if stored else answer.status_code
    return answer
