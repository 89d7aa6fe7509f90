"""Models of incidents and requests as values: what they attach to, and their steps in order. Pure."""

from helpdesk.services.workmodels.amounts import amount
from helpdesk.services.workmodels.model import Answer, Approval, Model, Question, Step, Subject
from helpdesk.services.workmodels.reading import read
from helpdesk.services.workmodels.tree import Asked, walk

__all__ = ["Answer", "Approval", "Asked", "Model", "Question", "Step", "Subject", "amount", "read", "walk"]
