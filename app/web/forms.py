"""The base of every form: CSRF, a key that makes sending twice act once, and refused fields."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.kernel.errors import Conflict, Invalid


class StaleVersion(Conflict):
    """Somebody changed the thing since the form was opened."""

    code = "web.stale_version"


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form that carries CSRF and idempotency tokens."""

    idempotency_key = HiddenField(default=lambda: uuid4().hex)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # Several forms of a page carry the same tokens: an id would stand there more than once.
        for name in ("csrf_token", "idempotency_key", "version"):
            if name in self._fields:
                self._fields[name].render_kw = {"id": False}

    def refuse(self, refusal: Invalid) -> None:
        """Put each error of ``refusal`` beside its field; those without a field go to the top."""
        for error in refusal.errors:
            field = self._fields.get(error.field)
            if field is None:
                self.form_errors.append(error.message)
            else:
                field.errors = [*field.errors, error.message]
        if not refusal.errors:
            self.form_errors.append(refusal.sentence)

    def entered(self, name: str) -> str:
        """Return what was entered in a field of text, never None."""
        return str(self._fields[name].data or "")

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, by field name, without the tokens."""
        tokens = {"csrf_token", "idempotency_key", "version"}
        return {name: value for name, value in self.data.items() if name not in tokens}


class VersionedForm(Form):
    """A form over an editable record; it carries the version that its user saw."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def conflicts(self, current_version: int, current: Mapping[str, Any]) -> dict[str, Any]:
        """Return, if the record has moved on, the stored values that differ from this form's.

        The page shows both values; ``version`` is moved forward so that sending again decides.
        """
        if self.version.data == current_version:
            return {}
        self.version.raw_data, self.version.data = None, current_version
        return {
            name: value
            for name, value in current.items()
            if name in self._fields and self._fields[name].data != value
        }
