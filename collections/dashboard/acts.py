"""What the acts on the ledger are called on the page; an act that has no name here is shown as it is stored."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTS: Mapping[str, Promise] = {
    "opening": _("opening balance"),
    "shipment": _("shipment"),
    "goods_return": _("return"),
    "invoice": _("invoice"),
    "credit_note": _("credit note"),
    "red_letter": _("invoice cancelled by red letter"),
    "payment": _("payment"),
    "refund": _("refund"),
    "discount": _("discount"),
    "allocate": _("allocation"),
    "allocate_automatically": _("automatic allocation"),
    "allocate_to_several": _("suggestion accepted"),
    "accept_suggestions": _("exact suggestions accepted"),
    "undo_allocation": _("allocation undone"),
    "reverse": _("reversal"),
    "import": _("import"),
    "grid": _("many at once"),
}
# Acts that take something back: to be seen at once.
UNDOING = ("reverse", "red_letter", "undo_allocation", "withdrawn-goods", "withdrawn-money", "step-taken_back")
# What goes before a step of an invoice's way.
STEP = "step-"
CONFIRMING: Mapping[str, Promise] = {
    "confirmed-goods": _("Goods confirmed"),
    "confirmed-money": _("Money confirmed"),
    "withdrawn-goods": _("Confirmation of goods withdrawn"),
    "withdrawn-money": _("Confirmation of money withdrawn"),
}


def confirming(*, is_goods: bool, is_confirmed: bool) -> str:
    return f"{'confirmed' if is_confirmed else 'withdrawn'}-{'goods' if is_goods else 'money'}"


def name_of_confirming(act: str) -> str:
    return str(CONFIRMING[act])


def name_of(act: str) -> str:
    return str(ACTS.get(act, act.replace("_", " ")))
