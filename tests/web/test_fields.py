"""Fields as they are written into a page."""

import pytest
from wtforms import Form
from wtforms.widgets import Select

from app.web.fields import ChoiceField, SelectChoice, required


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
