"""Fields as they are written into a page."""

import pytest
from markupsafe import Markup
from wtforms import Form
from wtforms.widgets import Select, html_params

from app.web.fields import ChoiceField, SelectChoice, attributes_of, required


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
