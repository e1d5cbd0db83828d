"""Forms about people: getting in, joining, profile, team."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from wtforms import PasswordField
from wtforms.validators import Regexp

from app.access.rules import PARTNER_ROLES, VENDOR_ROLES, Role
from app.kernel.format import label
from app.web.choices import Offer, offer
from app.web.fields import ChoiceField, SelectChoice, TextField, required
from app.web.forms import Form

_ADDRESS = Regexp(
    r"^[^@\s<>\",;]{1,64}@[^@\s<>\",;]+\.[^@\s<>\",;.]{2,}$", message="Give an e-mail address."
)
LOCALES = ("en_GB", "en_US", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "sv_SE")


@cache
def _locales() -> Offer:
    return offer((code, Locale.parse(code).get_display_name("en") or code) for code in LOCALES)


@cache  # the names are read from hundreds of files
def _zones() -> Offer:
    named = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    return offer((name, name.replace("_", " ")) for name in named)


class SignInForm(Form):
    """Address and password."""

    email = TextField("E-mail", [required("Give your e-mail address.")], longest=254)
    password = PasswordField("Password", [required("Give your password.")])


class CodeForm(Form):
    """A code of the second factor, or a recovery code."""

    code = TextField("Code", [required("Give the code.")], longest=20)


class ConfirmForm(Form):
    """The password again, before an act that needs it fresh."""

    password = PasswordField("Password", [required("Give your password.")])


class ForgottenForm(Form):
    """The address to send a way back to."""

    email = TextField("E-mail", [required("Give your e-mail address."), _ADDRESS], longest=254)


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField("New password", [required("Choose a password.")])


class JoinForm(NewPasswordForm):
    """A name and a password, to take up an invitation."""

    name = TextField("Your name", [required("Give your name.")])


class ChangePasswordForm(Form):
    """The present password and a new one."""

    old = PasswordField("Present password", [required("Give your present password.")])
    password = PasswordField("New password", [required("Choose a password.")])


class ProfileForm(Form):
    """How the portal addresses somebody, and how it writes numbers, dates and times for them."""

    name = TextField("Name", [required("Give your name.")])
    locale = ChoiceField("Language and number format", choices=_locales)
    zone = ChoiceField("Time zone", choices=_zones)


class InviteForm(Form):
    """Whom to invite."""

    email = TextField("E-mail", [required("Give an e-mail address."), _ADDRESS], longest=254)
    name = TextField("Name", [required("Give a name.")])
    role = ChoiceField("Role")
    partner_id = ChoiceField("Partner", default="")

    def offer(self, *, vendor: bool, partners: list[tuple[str, str]]) -> None:
        """Offer the roles that the inviter may give: a partner's own, or all."""
        roles = [role for role in Role if role in PARTNER_ROLES or vendor]
        self.role.choices = [SelectChoice(role.value, label(role)) for role in roles]
        if vendor:
            self.partner_id.choices = offer(partners, "None: somebody of the vendor")
        else:
            del self.partner_id


class RoleForm(Form):
    """Another role for somebody."""

    role = ChoiceField("Role")

    def offer(self, current: Role) -> None:
        """Offer the roles of the side that the person belongs to."""
        side = PARTNER_ROLES if current in PARTNER_ROLES else VENDOR_ROLES
        self.role.choices = [SelectChoice(role.value, label(role)) for role in Role if role in side]
