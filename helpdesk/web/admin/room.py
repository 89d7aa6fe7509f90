"""The administrators' blueprint, on which every page of administration stands."""

from flask import Blueprint

room = Blueprint("admin", __name__, url_prefix="/admin")
