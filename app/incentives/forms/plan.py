"""The editor of a plan: structured fields for the usual, a document for everything."""

import re
from typing import Any

from wtforms import FieldList, FormField, IntegerField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.incentives.engine.conditions import ROUTES
from app.kernel.errors import Invalid
from app.kernel.format import label
from app.web.choices import currency_choices
from app.web.documents import DocumentField
from app.web.fields import ChoiceField, DayField, SelectChoice, TextField, required
from app.web.forms import VersionedForm

MOST_COMPONENTS, MOST_BRACKETS, EMPTY_BRACKETS, LONGEST_HOLD = 12, 30, 4, 3650
USUAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY")


Named = list[tuple[str, str]]
"""What can be chosen: a code and its name."""


class TicksField(SelectMultipleField):
    """Any of a list, as boxes; what is stored and no longer listed stays ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Any) -> None:
        """Let the engine judge: it knows what a condition may name."""


def _choices(*names: str) -> list[SelectChoice]:
    return [SelectChoice(name, label(name)) for name in names]


class BracketForm(PlainForm):
    """One row of a rate table, in major units and per cent."""

    lower = TextField("From", longest=20)
    upper = TextField("To (not included)", longest=20)
    rate = TextField("Rate in %", longest=20)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not (self.lower.data or self.upper.data or self.rate.data)


class ComponentForm(PlainForm):
    """One way in which the plan pays."""

    title = TextField("Name", longest=160)
    code = TextField("Code", longest=60)
    basis = ChoiceField("Pays on", choices=[
        SelectChoice("booked", "Booked amounts"), SelectChoice("billed", "Billed amounts"),
        SelectChoice("collected", "Collected cash")], default="collected")  # fmt: skip
    share = ChoiceField("How much of it", choices=[
        SelectChoice("credit", "What attribution credits to the partner"),
        SelectChoice("whole", "The whole amount")], default="credit")  # fmt: skip
    routes = TicksField("Where the partner", choices=_choices(*ROUTES))
    programmes = TicksField("In the programmes", choices=[])
    tiers = TicksField("Of the tiers", choices=[])
    mode = ChoiceField("Rate", choices=[
        SelectChoice("flat", "One rate"),
        SelectChoice("marginal", "Brackets, each on its own slice")], default="flat")  # fmt: skip
    rate = TextField("Rate in %", longest=20)
    reset = ChoiceField("Brackets count over", choices=[
        SelectChoice("month", "A month"), SelectChoice("quarter", "A quarter"),
        SelectChoice("year", "A year"), SelectChoice("lifetime", "All time")],
        default="year")  # fmt: skip
    brackets = FieldList(FormField(BracketForm), "Brackets", min_entries=EMPTY_BRACKETS,
                         max_entries=MOST_BRACKETS)  # fmt: skip
    hold_days = IntegerField(
        "Days of hold", [Optional(), NumberRange(0, LONGEST_HOLD, "Between 0 and 3650 days.")]
    )
    payable = ChoiceField("Payable", choices=[
        SelectChoice("earned", "When earned"),
        SelectChoice("collection", "When the customer has paid in full"),
        SelectChoice("month_end", "At the end of the month")], default="earned")  # fmt: skip
    lapse = ChoiceField("When the partner loses a certification", choices=[
        SelectChoice("", "Nothing is taken back"),
        SelectChoice("unreleased", "Take back what is not payable by then"),
        SelectChoice("all", "Take back all that was paid")], default="")  # fmt: skip
    certifications = TicksField("Certifications that are watched", choices=[])

    @property
    def is_empty(self) -> bool:
        """Whether neither a name nor a rate was entered."""
        return not (self.title.data or self.rate.data or self.rows)

    @property
    def rows(self) -> list[BracketForm]:
        """The brackets that were filled in."""
        return [row.form for row in self.brackets if not row.form.is_empty]

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, without empty brackets."""
        names = ("title", "code", "basis", "share", "routes", "programmes", "tiers", "mode", "rate",
                 "reset", "hold_days", "payable", "lapse", "certifications")  # fmt: skip
        said = {name: self[name].data for name in names}
        return {**said, "brackets": [row.data for row in self.rows]}


class PlanForm(VersionedForm):
    """A plan in fields."""

    title = TextField("Name", [required("Give the plan a name.")], longest=120)
    code = TextField("Code", [required("Give the plan a short code.")], longest=40)
    currency = ChoiceField("Currency", default="EUR")
    effective_from = DayField("In force from", [required("Give the first day.")])
    components = FieldList(FormField(ComponentForm), "Components", min_entries=1,
                           max_entries=MOST_COMPONENTS)  # fmt: skip

    def offer(self, *, tiers: Named, programmes: Named, certifications: Named) -> None:
        """List what the conditions can name, and the currencies; keep one bracket open."""
        self.currency.choices = currency_choices(*USUAL_CURRENCIES)
        for each in self.components:
            _offer(each.form.tiers, tiers)
            _offer(each.form.programmes, programmes)
            _offer(each.form.certifications, certifications)
            if len(each.form.rows) == len(each.form.brackets) < MOST_BRACKETS:
                each.form.brackets.append_entry()

    def add_row(self) -> None:
        """Open one more component, if there is room."""
        if len(self.components) < MOST_COMPONENTS:
            self.components.append_entry()

    @property
    def said(self) -> list[ComponentForm]:
        """The components that were filled in."""
        return [each.form for each in self.components if not each.form.is_empty]

    @property
    def values(self) -> dict[str, Any]:
        """What was entered."""
        names = ("title", "code", "currency", "effective_from")
        components = [each.values for each in self.said]
        return {**{name: self[name].data for name in names}, "components": components}


def _offer(field: TicksField, known: Named) -> None:
    codes = [code for code, _ in known]
    kept = [(code, code) for code in field.data or () if code not in codes]
    field.choices = [SelectChoice(code, name) for code, name in [*known, *kept]]


class DocumentForm(VersionedForm):
    """A plan as a document."""

    document = DocumentField("Plan", [required("Write the plan.")])


_WHERE = re.compile(r"components\[(\d+)\](?:\.rates)?(?:\.brackets\[(\d+)\])?\.?(.*)")
_FIELD = {"from": "lower", "to": "upper", "rate": "rate", "timing.hold_days": "hold_days",
          "reversal.certification": "certifications"}  # fmt: skip


def complain(form: PlanForm, refusal: Invalid) -> None:
    """Put a refusal of the engine beside the field that it is about, and at the top in words."""
    for error in refusal.errors:
        found = _WHERE.fullmatch(error.field)
        if found is None:
            _beside(form, error.field.removeprefix("effective.").replace("from", "effective_from"),
                    error.message)  # fmt: skip
            continue
        index, row, name = int(found[1]), found[2], found[3]
        component = form.said[index] if index < len(form.said) else None
        words = f"Component {index + 1}"
        if component is not None and row is not None:
            words += f", bracket {int(row) + 1}"
            _attach(component.rows[int(row)], _FIELD.get(name, "lower"), error.message)
        elif component is not None:
            _attach(component, _FIELD.get(name, name or "title"), error.message)
        form.form_errors.append(f"{words}: {error.message}")
    if not refusal.errors:
        form.form_errors.append(refusal.sentence)


def _beside(form: PlanForm, name: str, message: str) -> None:
    if name in form:
        form[name].errors = [*form[name].errors, message]
    else:
        form.form_errors.append(message)


def _attach(form: PlainForm, name: str, message: str) -> None:
    if name in form:
        form[name].errors = [*form[name].errors, message]
