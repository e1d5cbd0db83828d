"""The blueprint that every page of partners hangs on."""

from flask import Blueprint

bp = Blueprint("partners", __name__)
