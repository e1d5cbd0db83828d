"""The forms that pages show: where they send, and what they send when nobody touches them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.exceptions import HTTPException

from app.access.rules import Role
from tests.house.walk import Town, rules_of, verb_of

TOKENS = {"csrf_token", "idempotency_key"}


@dataclass
class Found:
    """One form as a page shows it."""

    action: str
    role: Role | None = None
    values: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    @property
    def fields(self) -> list[str]:
        """What somebody could fill in, without the tokens and files."""
        return [name for name in self.values if name not in TOKENS | self.files]


class Reader(HTMLParser):
    """Collects the POST forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found, self.form = path, list[Found](), Found("")
        self.inside, self.select, self.area = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a form begins and what its fields hold."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("method", "get").lower() == "post"
            self.form = Found(given.get("action") or self.path)
            self.found += [self.form] * self.inside
        elif self.inside:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option":
            if self.select and ("selected" in given or not self.form.values[self.select]):
                self.form.values[self.select] = given.get("value", "")
        elif name and tag in {"input", "select", "textarea", "button"}:
            self.select, self.area = name * (tag == "select"), name * (tag == "textarea")
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.form.values.setdefault(name, given.get("value", ""))
            self.form.files |= {name} if given.get("type") == "file" else set()

    def handle_data(self, data: str) -> None:
        """Note what a box of several lines holds."""
        if self.area:
            self.form.values[self.area] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        """Note where a form or a field ends."""
        self.inside = self.inside and tag != "form"
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


def forms_of(town: Town) -> dict[str, Found]:
    """Return, by endpoint, the fullest form that some page shows some role."""
    found: dict[str, Found] = {}
    adapter = town.app.url_map.bind("localhost")
    for role in (None, *Role):
        for path in pages(town, role):
            reader = Reader(path)
            answer = town.ask(role, "GET", path)
            reader.feed(answer.body.decode("utf-8", "replace") if answer.status == 200 else "")
            for form in reader.found:
                form.role = role
                try:
                    endpoint = adapter.match(form.action.partition("?")[0], "POST")[0]
                except HTTPException:
                    endpoint = f"nowhere: {form.action} on {path}"
                known = found.get(endpoint)
                if known is None or len(known.values) < len(form.values):
                    found[endpoint] = form
    return found


def pages(town: Town, role: Role | None) -> list[str]:
    """Return the paths of every page, with each variant of the reader's own things."""
    shared = town.world.shared
    return [
        town.url(rule, values)
        for rule in rules_of(town.app)
        if verb_of(rule) == "GET"
        and town.may(rule, role)
        and not rule.rule.endswith((".xlsx", "pdf"))
        for values in town.world.own.arguments(rule.arguments, shared)
    ]
