"""Forms of library items and certificates."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from app.enablement.rules import LONGEST_BODY, Award, Content, ItemKind, slug_of
from app.enablement.services import Upload
from app.kernel.format import label
from app.web.choices import offer
from app.web.fields import (
    ChoiceField,
    DayField,
    ProseField,
    SelectChoice,
    TextField,
    required,
)
from app.web.forms import Form, VersionedForm

Pairs = Iterable[tuple[UUID, str]]


class _Item:
    """What an item of the library says."""

    title = TextField("Title", [required("Give the item a title.")], longest=160)
    slug = TextField("Address", longest=80)
    summary = TextField("Summary", longest=300)
    kind = ChoiceField("Kind", choices=[SelectChoice(k.value, label(k)) for k in ItemKind])
    body = ProseField("Text", longest=LONGEST_BODY)
    upload = FileField("File")
    programme_id = ChoiceField("Programme", default="")
    tier_id = ChoiceField("From tier", default="")
    valid_until = DayField("Valid until")

    def offer(self, programmes: Pairs, tiers: Pairs) -> None:
        """Set the lists to choose from."""
        self.programme_id.choices = offer(programmes, "Every programme")
        self.tier_id.choices = offer(tiers, "Every tier")

    @property
    def content(self) -> Content:
        """What was entered; without an address, the title suggests one."""
        title = self.title.data or ""
        return Content(
            self.slug.data or slug_of(title),
            title,
            ItemKind(self.kind.data),
            self.summary.data or "",
            self.body.data or "",
            UUID(self.programme_id.data) if self.programme_id.data else None,
            UUID(self.tier_id.data) if self.tier_id.data else None,
            self.valid_until.data,
        )

    @property
    def file(self) -> Upload | None:
        """The file that came with the form, None without one."""
        came = self.upload.data
        if not isinstance(came, FileStorage) or not came.filename:
            return None
        return Upload(came.filename, came.read())


class NewItemForm(_Item, Form):
    """A new item."""


class ItemForm(_Item, VersionedForm):
    """An item of the library."""


class AwardForm(Form):
    """A certificate for somebody of a partner that is chosen already."""

    user_id = ChoiceField("Person")
    subject = TextField("Subject", [required("Say what was shown.")])
    awarded_on = DayField("Awarded on", [required("Give the day of the award.")])
    valid_until = DayField("Valid until", [required("Give the day on which it ends.")])

    def award(self, partner_id: UUID, people: dict[UUID, str]) -> Award:
        """Return what was entered, for somebody among ``people``."""
        holder = UUID(self.user_id.data)
        first = self.awarded_on.data or date.min
        last = self.valid_until.data or date.min
        name = people.get(holder, "")
        return Award(partner_id, self.entered("subject"), name, first, last, holder)
