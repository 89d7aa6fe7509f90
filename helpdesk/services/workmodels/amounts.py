"""Amounts of money as people write them into a form."""

import re
from decimal import Decimal, InvalidOperation

_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")


def amount(told: object) -> Decimal | None:
    """The amount in a text: ``1.250,50 €``, ``1,250.50``, ``1250``; None where there is none.

    What may be read in two ways (``1.250``) is the larger of both, so that nothing escapes an approval by a point.
    """
    text = re.sub(r"[^\d.,]", "", str(told or "")).strip(".,")
    if not text:
        return None
    if _GROUPED.fullmatch(text) and len(set(re.findall(r"[.,]", text))) == 1:
        text = re.sub(r"[.,]", "", text)
    else:
        whole, mark, part = text.rpartition(max(".,", key=text.rfind))
        text = f"{re.sub('[.,]', '', whole)}.{part}" if mark else text
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
