"""The blueprint that the library and the certificates hang on."""

from flask import Blueprint

bp = Blueprint("enablement", __name__)
