"""Lists to choose from, as WTForms writes them; what never changes of them is written once."""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from babel import Locale
from markupsafe import Markup, escape
from wtforms.fields import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.widgets import Input, Select
from wtforms.widgets.core import clean_key  # type: ignore[attr-defined]  # not in its types

from app.kernel.currencies import DECIMALS

_QUOTE = '"'
_COUNTRY_CODE_LENGTH = 2
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def attributes_of(**given: Any) -> Markup:
    """Return attributes as WTForms writes them, without a safe format for each."""
    written = []
    for key in sorted(given):
        value = given[key]
        if value is True:
            written.append(_name_of(key))
        elif value is not False:
            written.append(f'{_name_of(key)}="{str(escape(value)).replace(_QUOTE, "&quot;")}"')
    return Markup(" ".join(written))  # noqa: S704 - escaped above


@lru_cache(maxsize=256)
def _name_of(key: str) -> str:
    return str(escape(clean_key(key)))


# Where the library lets inputs have another way: its own is a third of a page with a long form.
Input.html_params = staticmethod(attributes_of)  # type: ignore[method-assign]


class Offer(list[SelectChoice]):
    """Choices which several fields or pages share: their options are written once."""

    @cached_property
    def places(self) -> dict[str, int]:
        """Where in the list each value stands."""
        return {str(choice.value): place for place, choice in enumerate(self)}

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The option of each choice; a group begins with its first and ends after its last."""
        written, group = [], None
        for choice in self:
            more = f" {attributes_of(**choice.render_kw)}" if choice.render_kw else ""
            option = f'<option{more} value="{escape(choice.value)}">'
            option += f"{escape(choice.label or choice.value)}</option>"
            if choice.optgroup != group:
                begin = f"<optgroup {attributes_of(label=choice.optgroup)}>"
                option = (begin if choice.optgroup is not None else "") + option
                option = ("</optgroup>" if group is not None else "") + option
                group = choice.optgroup
            written.append(option)
        return (*written, "</optgroup>" if group is not None else "")

    @cached_property
    def markup(self) -> str:
        """All options, none of them chosen."""
        return "".join(self.options)

    def with_chosen(self, value: object) -> str:
        """Return all options, that of ``value`` chosen."""
        place = self.places.get(value)  # type: ignore[call-overload]  # a value of no list is not there
        if place is None:
            return self.markup
        chosen = self.options[place].replace("<option ", "<option selected ", 1)
        return "".join((*self.options[:place], chosen, *self.options[place + 1 :]))


class OfferWidget(Select):
    """A list of choices whose values are text, as WTForms writes it."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        """Return the list with what is chosen."""
        choices = field.choices or ()
        if not isinstance(choices, Offer):
            choices = Offer(map(SelectChoice.from_input, choices))
        for flag in self.validation_attrs:
            if getattr(field.flags, flag, None):
                attributes.setdefault(flag, True)
        head = attributes_of(name=field.name, **{"id": field.id, **attributes})
        return Markup(f"<select {head}>{choices.with_chosen(field.data)}</select>")  # noqa: S704 - escaped above


def offer(pairs: Iterable[tuple[object, str]], nothing: str = "") -> Offer:
    """Return the choices for ``pairs`` of value and name, after ``nothing`` where given."""
    first = [SelectChoice("", nothing)] if nothing else []
    return Offer([*first, *(SelectChoice(str(value), name) for value, name in pairs)])


@lru_cache(maxsize=16)
def countries(locale: str = "en_GB") -> Mapping[str, str]:
    """Return the name of every country by its code, in the order of names."""
    named = Locale.parse(locale).territories.items()
    real = [(code, name) for code, name in named if _is_country(code)]
    return MappingProxyType(dict(sorted(real, key=lambda pair: pair[1])))


def _is_country(code: str) -> bool:
    return len(code) == _COUNTRY_CODE_LENGTH and code.isalpha() and code not in _NO_COUNTRIES


@lru_cache(maxsize=32)
def country_choices(locale: str = "en_GB", nothing: str = "") -> Offer:
    """Return every country to choose from, after ``nothing`` where given."""
    return offer(countries(locale).items(), nothing)


@lru_cache(maxsize=8)
def currency_choices(*first: str) -> Offer:
    """Return every currency to choose from, those given ``first``."""
    return offer((code, code) for code in (*first, *sorted(set(DECIMALS) - set(first))))
