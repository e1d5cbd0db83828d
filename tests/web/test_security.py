"""Headers, cookies, forgery, redirects and error pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.access.rules import Role
from app.db import engine
from app.kernel.errors import Broken
from app.web.respond import safe_path
from config import Environment, Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ANSWERS = {
    "page": ("GET", "/", 200),
    "csv": ("GET", "/partners/export.csv", 200),
    "xlsx": ("GET", "/partners/export.xlsx", 200),
    "nothing there": ("GET", "/nowhere", 404),
    "wrong verb": ("DELETE", "/deals", 405),
    "refused form": ("POST", "/accounts", 422),
    "redirect": ("POST", "/preferences/theme", 303),
    "too large": ("POST", "/profile", 413),
    "strange": ("GET", "/deals?q=%00", 400),
    "health": ("GET", "/health", 200),
}


@pytest.fixture
def desk(sign_in, user):
    return sign_in(user(Role.CHANNEL_MANAGER))


def ask(browser, kind):
    verb, path, status = ANSWERS[kind]
    data = {"name": "x" * 3_000_000} if kind == "too large" else None
    answer = browser.open(path, method=verb, data=data)
    assert answer.status_code == status
    return answer


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_is_hardened(desk, kind):
    answer = ask(desk, kind)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {"base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"} <= set(
        policy.split("; ")
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Python" not in answer.headers.get("Server", "")


def test_a_static_file_is_hardened_too_and_may_be_kept(client):
    with client.get("/static/css/tokens.css") as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers.get("Cache-Control") != "no-store"


def portal_at(tmp_path, url: str, **more: object) -> Flask:
    before = list(engine._current)
    app = create_app(Settings(environment=Environment.TEST, var=tmp_path, public_url=url, **more))
    engine._current[:] = before
    return app


class TestCookies:
    def test_are_sent_over_https_only_where_the_portal_is_there(self, tmp_path):
        config = portal_at(tmp_path, "https://partners.example").config

        assert config["SESSION_COOKIE_NAME"] == "__Host-tandem"
        assert config["SESSION_COOKIE_SECURE"]

    def test_are_out_of_reach_of_scripts_and_other_sites(self, client, user):
        answer = client.post("/sign-in", data={"email": "a@example.com", "password": "wrong one"})
        sent = [cookie.lower() for cookie in answer.headers.getlist("Set-Cookie")]

        assert [c for c in sent if "httponly" not in c or "samesite=lax" not in c] == []

    def test_strict_transport_is_demanded_on_https(self, tmp_path, session):
        browser = portal_at(tmp_path, "https://partners.example").test_client()

        sent = browser.get("/nowhere", base_url="https://partners.example").headers
        assert sent["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.fixture
def guarded(portal, desk):
    """The signed-in browser of a portal that asks for the token of its forms."""
    portal.config["WTF_CSRF_ENABLED"] = True
    yield desk
    portal.config["WTF_CSRF_ENABLED"] = False


class TestForgery:
    def test_no_post_passes_without_a_token(self, portal, guarded):
        some = "00000000-0000-4000-8000-000000000000"
        passed = []
        for rule in portal.url_map.iter_rules():
            if "POST" in rule.methods:
                path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
                path = re.sub(r"<[^>]+>", some, path)
                answer = guarded.post(path, data={"name": "x"})
                passed += [path] * (answer.status_code != 400 or "web.csrf" not in answer.text)
        assert passed == []

    def test_a_token_of_somebody_else_does_not_pass(self, portal, guarded):
        stranger = FlaskClient(portal, portal.response_class)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', stranger.get("/sign-in").text)

        answer = guarded.post("/accounts", data={"name": "x", "csrf_token": token[1]})
        assert answer.status_code == 400

    def test_the_token_of_the_page_passes(self, guarded):
        shown = guarded.get("/accounts/new").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', shown)

        answer = guarded.post("/accounts", data={"name": "", "csrf_token": token[1]})
        assert answer.status_code == 422


ELSEWHERE = ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
             "javascript:alert(1)", "http:evil.example", "/a\r\nSet-Cookie: x=1", "evil",
             "/\t/evil.example",
             "https:///evil.example", " //evil.example", "/a\\b", "data:text/html,x"]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_the_way_back_stays_on_this_host(client, wanted):
    answer = client.post("/preferences/theme", data={"theme": "dark", "next": wanted})

    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("wanted", ["/", "/deals?q=a", "/deals/1#top"])
def test_the_way_back_may_be_any_path_here(wanted):
    assert safe_path(wanted) == wanted


SHOWN = [("GET", "/nowhere", 404), ("PUT", "/sign-in", 405), ("GET", "/verify?a=1&a=2", 400),
         ("POST", "/preferences/theme", 413)]  # fmt: skip


@pytest.mark.parametrize(("verb", "path", "status"), SHOWN)
@pytest.mark.parametrize("who", ["stranger", "desk"])
def test_an_error_page_has_an_id_and_no_inside(request, client, verb, path, status, who):
    browser = client if who == "stranger" else request.getfixturevalue("desk")
    data = {"theme": "x" * 3_000_000} if status == 413 else None
    answer = browser.open(path, method=verb, data=data)

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert re.search(r"request <code>[0-9a-f]{12}</code>", answer.text)
    assert not re.search(r"Traceback|SELECT|\.py|werkzeug|psycopg|/var/|/home/", answer.text)


def test_a_failure_shows_an_id_and_nothing_of_its_cause(portal, client, monkeypatch):
    def fail(**_arguments):
        raise Broken("SELECT secret FROM /var/lib/tandem")

    monkeypatch.setitem(portal.view_functions, "home.health", fail)
    portal.testing = False
    try:
        answer = client.get("/health")
    finally:
        portal.testing = True

    assert answer.status_code == 500
    assert re.search(r"request <code>[0-9a-f]{12}</code>", answer.text)
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["?page=1&page=2", "?q=a&q=b", "?q=%FF", "?%00=1"])
def test_a_query_that_is_no_text_or_asks_twice_is_refused(desk, path):
    assert desk.get(f"/deals{path}").status_code == 400
