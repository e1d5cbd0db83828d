"""Fields as they are written into a page."""

import pytest
from markupsafe import Markup
from wtforms import Form
from wtforms.widgets import Select, html_params

from app.web.choices import Offer, SelectChoice, attributes_of, countries
from app.web.fields import ChoiceField, required

GROUPED = [
    SelectChoice("", "None"),
    SelectChoice("1", "One", optgroup='<"A">'),
    SelectChoice("2", "Two", optgroup='<"A">'),
    SelectChoice("3", "", optgroup="B"),
    SelectChoice("4", "Four", {"title": '"'}),
]


class Asked(Form):
    """A list with names that must be escaped."""

    where = ChoiceField(
        "Where",
        [required("Choose one.")],
        choices=[SelectChoice("", "None"), SelectChoice('a<"', "B & C"), SelectChoice("{}", "D")],
    )


@pytest.mark.parametrize("chosen", [None, "", 'a<"', "{}", "of no list"])
@pytest.mark.parametrize("attributes", [{}, {"class_": "wide"}, {"required": False, "id": "x"}])
def test_a_list_of_choices_is_written_as_the_library_writes_it(chosen, attributes):
    field = Asked(data={"where": chosen}).where
    assert field(**attributes) == Select()(field, **attributes)


@pytest.mark.parametrize("shared", [GROUPED, Offer(GROUPED)])
@pytest.mark.parametrize("chosen", [None, "", "1", "2", "3", "4"])
def test_groups_are_written_as_the_library_writes_them(shared, chosen):
    field = Asked(data={"where": chosen}).where
    field.choices = shared
    assert field() == Select()(field)


def test_shared_choices_of_a_field_are_written_once_for_all_forms():
    class Shared(Form):
        where = ChoiceField("Where", choices=Offer(GROUPED))

    assert Shared().where.choices is Shared().where.choices


def test_countries_stand_in_the_order_of_their_names():
    named = countries("de_DE")

    assert named["AT"] == "Österreich"
    assert list(named.values()) == sorted(named.values())


@pytest.mark.parametrize(
    "given",
    [
        {"id": "a", "class_": "wide", "required": True, "readonly": False},
        {"value": """<b> "it's" & more""", "data_count": 3, "aria_label": "x_y"},
        {"value": Markup('&lt;"kept"'), "maxlength": 20, "pattern": None},
    ],
)
def test_attributes_are_written_as_the_library_writes_them(given):
    assert attributes_of(**given) == html_params(**given)
