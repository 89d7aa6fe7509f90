"""The agents' blueprint, on which every page of the desk stands."""

from flask import Blueprint

room = Blueprint("desk", __name__, url_prefix="/desk")
