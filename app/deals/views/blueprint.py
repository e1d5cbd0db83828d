"""The blueprint that every page of registrations hangs on."""

from flask import Blueprint

bp = Blueprint("deals", __name__)
