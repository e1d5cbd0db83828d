"""Forms of partners, programmes, tiers and payout details."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from wtforms import BooleanField, IntegerField
from wtforms.validators import Regexp

from app.kernel.format import label
from app.partners.rules import (
    BankAccount,
    Course,
    Details,
    Ground,
    Profile,
    ProgrammeKind,
    Terms,
    website_of,
)
from app.web.choices import country_choices, currency_choices, offer
from app.web.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    RateField,
    SelectChoice,
    TextField,
    required,
)
from app.web.forms import Form, VersionedForm

_USUAL = ("EUR", "GBP", "USD", "CHF")
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_COUNTRY_CODE_LENGTH = 2
_NUMBER = "Give a whole number."


def chosen(field: Any) -> UUID | None:
    """Return the identifier that was chosen in a field, None for nothing."""
    return UUID(field.data) if field.data else None


class _Profile:
    """What a company says of itself: shared by the vendor's form and the partner's own."""

    street = TextField("Street and number", longest=160)
    city = TextField("City", longest=80)
    postcode = TextField("Postcode", longest=16)
    tax_number = TextField("Tax number", longest=32)
    website = TextField("Website", longest=200)
    contact_name = TextField("Contact person", longest=120)
    contact_email = TextField("Contact e-mail", longest=254)

    @property
    def profile(self) -> Profile:
        """What was entered."""
        given = {name: getattr(self, name).data or "" for name in Profile.__dataclass_fields__}
        return Profile(**{**given, "website": website_of(given["website"])})


class _Details(_Profile):
    """Who a partner is."""

    name = TextField("Name", [required("Give the name that people use.")])
    legal_name = TextField("Legal name", [required("Give the name on the agreement.")], longest=160)
    country = ChoiceField("Country")
    region = TextField("Region", longest=20)
    currency = ChoiceField("Currency of payment", choices=currency_choices(*_USUAL))
    parent_id = ChoiceField("Parent partner", default="")

    def offer_lists(self, parents: Iterable[tuple[UUID, str]], locale: str) -> None:
        """Set the lists to choose from."""
        self.country.choices = country_choices(locale)
        self.parent_id.choices = offer(parents, "None")

    @property
    def details(self) -> Details:
        """What was entered."""
        return Details(
            self.name.data or "",
            self.legal_name.data or "",
            self.country.data,
            self.currency.data,
            self.region.data or "",
            chosen(self.parent_id),
            self.profile,
        )


class AdmissionForm(_Details, Form):
    """A new partner."""

    tier_id = ChoiceField("Programme and tier")
    manager_id = ChoiceField("Channel manager", default="")


class PartnerForm(_Details, VersionedForm):
    """What the vendor keeps of a partner."""


class CompanyForm(_Profile, VersionedForm):
    """What a partner's own admin says of the company."""


class PayoutForm(VersionedForm):
    """Where a partner is paid; the stored number is never shown again."""

    holder = TextField("Account holder", [required("Give the name of the account holder.")])
    iban = TextField("IBAN", [required("Give the whole IBAN.")], longest=42)
    bic = TextField("BIC", longest=14)

    @property
    def account(self) -> BankAccount:
        """What was entered."""
        return BankAccount(self.holder.data or "", self.iban.data or "", self.bic.data or "")


class TierChangeForm(Form):
    """Another tier, from a day on."""

    tier_id = ChoiceField("Programme and tier")
    on = DayField("From", [required("Give the first day of the new tier.")])


class ManagerForm(Form):
    """Who looks after a partner."""

    manager_id = ChoiceField("Channel manager", default="")


class GroundForm(Form):
    """Why a partner is suspended or its partnership ends."""

    ground = ChoiceField("Ground", choices=[SelectChoice(g.value, label(g)) for g in Ground])


_CODE = Regexp(r"[A-Za-z0-9][A-Za-z0-9_-]*$", message="Use letters, digits, - and _ only.")


class NewProgrammeForm(Form):
    """A new programme."""

    code = TextField("Code", [required("Give a short code."), _CODE], longest=20)
    name = TextField("Name", [required("Give the programme a name.")], longest=80)
    kind = ChoiceField("Kind", choices=[SelectChoice(k.value, label(k)) for k in ProgrammeKind])

    @property
    def short(self) -> str:
        """The code as it is kept: in capitals."""
        return (self.code.data or "").upper()


class ProgrammeForm(VersionedForm):
    """How a programme is run."""

    name = TextField("Name", [required("Give the programme a name.")], longest=80)
    answer_hours = IntegerField("Business hours to answer a registration", [required(_NUMBER)])
    parents_see_children = BooleanField("Parents see the deals of their children")

    @property
    def course(self) -> Course:
        """What was entered."""
        hours = self.answer_hours.data or 0
        return Course(self.name.data or "", hours, bool(self.parents_see_children.data))


class TierForm(VersionedForm):
    """What a tier gives and asks; its version is the programme's."""

    name = TextField("Name", [required("Give the tier a name.")], longest=40)
    rank = IntegerField("Rank", [required(_NUMBER)])
    protection_days = IntegerField("Days of protection", [required(_NUMBER)])
    extension_days = IntegerField("Days of an extension", [required(_NUMBER)])
    extensions = IntegerField("Number of extensions", [required(_NUMBER)])
    yearly_bookings = MoneyField(
        "Yearly bookings asked, in EUR", [required("Give an amount, 0 for none.")], currency="EUR"
    )
    discount = RateField("Discount in percent", [required("Give a percentage, 0 for none.")])

    @property
    def terms(self) -> Terms:
        """What was entered."""
        return Terms(
            self.name.data or "",
            self.rank.data or 0,
            self.protection_days.data or 0,
            self.extension_days.data or 0,
            self.extensions.data or 0,
            self.yearly_bookings.data.minor,
            self.discount.data or Decimal(0),
        )


class NewTierForm(TierForm):
    """A new tier of a programme."""

    code = TextField("Code", [required("Give a short code."), _CODE], longest=20)

    @property
    def short(self) -> str:
        """The code as it is kept: in capitals."""
        return (self.code.data or "").upper()
