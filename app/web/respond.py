"""Answers: pages, refused forms, redirects, files."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Response, make_response, render_template, request, url_for
from flask import flash as flask_flash
from werkzeug.utils import redirect

from app.web.forms import Form


@lru_cache(maxsize=512)
def _path(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


def address(endpoint: str, **asked: Any) -> str:
    """Return the address of a page whose path has no parts, with what is asked of it.

    Menus and tables lead to dozens of such addresses a page: their paths are made once.
    """
    path = _path(endpoint, request.root_path)
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{path}?{query}" if query else path


def page(template: str, **context: Any) -> Response:
    """Return ``template`` rendered with ``context``."""
    return make_response(render_template(template, **context))


def form_page(template: str, *, form: Form, **context: Any) -> Response:
    """Return the page of a form: 422 where it was refused, so that nothing takes it for success."""
    refused = bool(form.errors)
    return make_response(render_template(template, form=form, **context), 422 if refused else 200)


def see_other(endpoint: str, **values: Any) -> Response:
    """Return a 303 to ``endpoint``: the next thing to look at after a write."""
    answer = redirect(url_for(endpoint, **values), 303)
    return make_response(answer)


def back_to(default: str, **values: Any) -> Response:
    """Return a 303 to the form's ``next`` where it is a path of this host, else to ``default``."""
    wanted = request.form.get("next") or request.args.get("next") or ""
    return make_response(redirect(safe_path(wanted) or url_for(default, **values), 303))


def safe_path(wanted: str) -> str:
    """Return ``wanted`` if it is a plain path on this host, else nothing."""
    parts = urlsplit(wanted)
    if (
        parts.scheme
        or parts.netloc
        or not wanted.startswith("/")
        or wanted.startswith(("//", "/\\"))
    ):
        return ""
    return wanted if "\\" not in wanted and "\n" not in wanted and "\r" not in wanted else ""


def flash(message: str, kind: str = "done") -> None:
    """Show ``message`` on the next page; ``kind`` is done, note or problem."""
    flask_flash(message, kind)


def download(content: bytes, name: str, media_type: str) -> Response:
    """Return ``content`` as an attachment called ``name``."""
    response = Response(content, mimetype=media_type)
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response


def csv_file(content: bytes, name: str) -> Response:
    """Return a CSV file."""
    return download(content, name, "text/csv")


def xlsx_file(content: bytes, name: str) -> Response:
    """Return an Excel workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(content, name, kind)


def pdf_file(content: bytes, name: str) -> Response:
    """Return a PDF."""
    return download(content, name, "application/pdf")
