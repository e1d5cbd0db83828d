"""Refusals and failures as pages: what happened, what was kept, what to do."""

import logging
from collections.abc import Callable
from uuid import uuid4

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.access.guard import FreshSignInNeeded, SignInNeeded
from app.kernel.errors import NotFound, Refusal
from app.web.forms import StaleVersion
from app.web.respond import safe_path

_log = logging.getLogger("tandem.web")
_SHOWN = {400, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}
_SENTENCES = {
    400: "The request could not be understood.",
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    413: "What was sent is larger than this portal takes.",
    415: "That kind of file is not taken here.",
    500: "Something failed on our side. Nothing was changed.",
    503: "The portal cannot answer right now. Nothing was changed; try again in a moment.",
}


def answer(status: int, sentence: str, code: str, errors: tuple[object, ...] = ()) -> Response:
    """Return the error page for ``status``."""
    back = safe_path(request.path) if request.method == "GET" else _came_from()
    name = status if status in _SHOWN and status not in {405, 415} else 400
    context = {
        "sentence": sentence,
        "code": code,
        "errors": errors,
        "request_id": request_id(),
        "back_url": back,
    }
    return make_response(render_template(f"errors/{name}.html", **context), status)


def _came_from() -> str:
    referrer = request.referrer or ""
    path = referrer.removeprefix(request.host_url.rstrip("/"))
    return safe_path(path) or "/"


def request_id() -> str:
    """Return this request's id, as its log lines and its error page show it."""
    if "request_id" not in g:
        g.request_id = uuid4().hex[:12]
    return str(g.request_id)


def _ask(refusal: Exception) -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else _came_from()
    known = isinstance(refusal, FreshSignInNeeded)
    target = "identity.confirm" if known else "identity.sign_in"
    return make_response(redirect(url_for(target, next=wanted), 303))


def _refused(refusal: Exception) -> Response:
    if not isinstance(refusal, Refusal):
        raise refusal
    response = answer(refusal.status, refusal.sentence, refusal.code, refusal.errors)
    if refusal.status in {429, 503}:
        response.headers["Retry-After"] = "60"
    return response


def _stale(_error: Exception) -> Response:
    sentence = "Somebody changed this while you were looking at it. Open it again and repeat."
    return answer(409, sentence, StaleVersion.code)


def _forged(_error: Exception) -> Response:
    sentence = "This form was open too long. Nothing was changed; open it again and send it."
    return answer(400, sentence, "web.csrf")


def _http(error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    sentence = _SENTENCES.get(status, "The request could not be carried out.")
    code = NotFound.code if status == NotFound.status else f"http.{status}"
    return answer(status, sentence, code)


def _away(error: Exception) -> Response:
    """Answer while the database is away: nobody can be asked who is signed in."""
    _log.error("database", extra={"request_id": request_id()}, exc_info=error)
    g._login_user = AnonymousUserMixin()
    response = answer(503, _SENTENCES[503], "web.database_away")
    response.headers["Retry-After"] = "5"
    return response


def _failed(error: Exception) -> Response:
    _log.error("failed", extra={"request_id": request_id()}, exc_info=error)
    if current_app.testing:
        raise error
    return answer(500, _SENTENCES[500], "web.failed")


HANDLERS: tuple[tuple[type[Exception], Callable[[Exception], Response]], ...] = (
    (SignInNeeded, _ask),
    (FreshSignInNeeded, _ask),
    (Refusal, _refused),
    (StaleDataError, _stale),
    (CSRFError, _forged),
    (HTTPException, _http),
    (OperationalError, _away),
    (Exception, _failed),
)


def install(app: Flask) -> None:
    """Answer every exception with a page."""
    for kind, handler in HANDLERS:
        app.register_error_handler(kind, handler)
