"""The form of an account."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import BooleanField, ValidationError

from app.accounts.matching import Party, domain_of, duns_of
from app.accounts.rules import LONGEST_NAME, Details
from app.web.choices import country_choices, offer
from app.web.fields import ChoiceField, TextField, required
from app.web.forms import VersionedForm

_COUNTRY_CODE_LENGTH = 2


class AccountForm(VersionedForm):
    """Who a customer is."""

    name = TextField("Name", [required("Give the company's name.")], longest=LONGEST_NAME)
    country = ChoiceField("Country", default="")
    city = TextField("City", longest=80)
    address = TextField("Street and number", longest=160)
    domain = TextField("Website", longest=120)
    tax_number = TextField("Tax number", longest=32)
    duns = TextField("DUNS number", longest=20)
    industry = TextField("Industry", longest=80)
    parent_id = ChoiceField("Parent company", default="")
    is_named = BooleanField("Named account, kept by our own sales team")

    def offer(self, parents: Iterable[tuple[UUID, str]], locale: str = "en_GB") -> None:
        """Set the lists to choose from."""
        self.country.choices = country_choices(locale, "Not known")
        self.parent_id.choices = offer(parents, "None")

    def validate_domain(self, field: Any) -> None:
        """Refuse what is no domain of one company."""
        if field.data and domain_of(field.data) is None:
            raise ValidationError("Give a company's own domain, such as example-company.com.")

    def validate_duns(self, field: Any) -> None:
        """Refuse what is no DUNS number."""
        if field.data and duns_of(field.data) is None:
            raise ValidationError("A DUNS number has nine digits.")

    @property
    def party(self) -> Party:
        """Who was described."""
        return Party(
            self.name.data or "",
            self.country.data or None,
            self.domain.data or None,
            self.tax_number.data or None,
            self.duns.data or None,
            self.city.data or None,
            self.address.data or None,
        )

    @property
    def details(self) -> Details:
        """What else was said."""
        parent = UUID(self.parent_id.data) if self.parent_id.data else None
        return Details(self.industry.data or "", parent, bool(self.is_named.data))
