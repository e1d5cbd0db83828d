"""The blueprint that every page of statements hangs on."""

from flask import Blueprint

bp = Blueprint("statements", __name__)
