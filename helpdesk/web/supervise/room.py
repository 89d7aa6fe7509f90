"""The supervisors' blueprint, on which every page of supervision stands."""

from flask import Blueprint

room = Blueprint("supervise", __name__, url_prefix="/supervise")
