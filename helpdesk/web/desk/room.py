"""The agents' blueprint, on which every page of the desk stands."""

from flask import Blueprint

room = Blueprint("desk", __name__, url_prefix="/desk")

NUMBER = "<int(max=999999999999999):number>"
"""A ticket's number in an address; what no column can hold is no page."""
