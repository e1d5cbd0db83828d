"""Headers, cookies and limits that hold for every answer, and text that none is given for."""

from urllib.parse import unquote_to_bytes

from flask import Flask, Response, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def install(app: Flask, settings: Settings) -> None:
    """Set cookies, limits and headers as ``settings`` say."""
    secure = settings.address.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-tandem" if secure else "tandem",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_upload,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    app.before_request(limit_forms)
    app.before_request(refuse_unreadable)

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def limit_forms() -> None:
    """Let a form without files be no larger than one with files may be beside them."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = request.max_form_memory_size


def refuse_unreadable() -> None:
    """Answer 400 to a path or query that is no text, that asks one thing twice, or that no
    database could look for.

    Fields of forms are tidied one by one (app/web/fields.py), so that people lose nothing else.
    """
    try:
        asked = unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        abort(400)
    twice = any(len(values) > 1 for _, values in request.args.lists())
    if twice or "\0" in request.path or "\0" in asked:
        abort(400)
