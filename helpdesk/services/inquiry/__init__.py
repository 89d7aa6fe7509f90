"""Asking how a request stands, by every channel: who proves to be its citizen hears it, a stranger learns nothing."""

from helpdesk.services.inquiry.asking import Answer, status, status_letter
from helpdesk.services.inquiry.codes import ask_code, send_codes
from helpdesk.services.inquiry.proofs import Caller, Code, Proof, let_in

__all__ = ["Answer", "Caller", "Code", "Proof", "ask_code", "let_in", "send_codes", "status", "status_letter"]
