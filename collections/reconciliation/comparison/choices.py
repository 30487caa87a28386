"""Classes and reasons as the database and the pages name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reconciliation.comparison.lines import Class, Reason


class Direction(models.TextChoices):
    """Which side of their list says that they owe more; it is a payables account, the mirror of our receivable."""

    CREDIT = "credit", _("credit (a payables account)")
    DEBIT = "debit", _("debit (as in our own ledger)")


class ClassChoices(models.TextChoices):
    AGREED = Class.AGREED.value, _("agreed")
    IN_TRANSIT = Class.IN_TRANSIT.value, _("in transit")
    INVOICE = Class.INVOICE.value, _("invoice not received")
    PAYMENT = Class.PAYMENT.value, _("payment not recorded by us")
    NOT_BOOKED = Class.NOT_BOOKED.value, _("not booked by the customer")
    AMOUNT = Class.AMOUNT.value, _("amount differs")
    PRICE = Class.PRICE.value, _("price dispute")
    DUPLICATE = Class.DUPLICATE.value, _("duplicate")
    UNKNOWN = Class.UNKNOWN.value, _("unknown")
    OPENING = Class.OPENING.value, _("opening balances differ")
    UNEXPLAINED = Class.UNEXPLAINED.value, _("not explained by their file")


class ReasonChoices(models.TextChoices):
    SAME = Reason.SAME.value, _("same number and amount")
    NOISE = Reason.NOISE.value, _("number written differently")
    TAIL = Reason.TAIL.value, _("last digits of the number")
    NAMED = Reason.NAMED.value, _("number in the memo")
    NUMBER_SWAPPED = Reason.NUMBER_SWAPPED.value, _("two digits of the number swapped")
    NUMBER_TYPO = Reason.NUMBER_TYPO.value, _("one digit of the number differs")
    NUMBER_SUM = Reason.NUMBER_SUM.value, _("several lines of one number")
    SAME_TAX = Reason.SAME_TAX.value, _("same number, tax left out")
    SAME_SWAPPED = Reason.SAME_SWAPPED.value, _("same number, two digits of the amount swapped")
    SAME_OTHER = Reason.SAME_OTHER.value, _("same number, another amount")
    ALONE = Reason.ALONE.value, _("same amount at about the same time")
    IN_OPENING = Reason.IN_OPENING.value, _("in their opening balance")
    DAY_SUM = Reason.DAY_SUM.value, _("sum of a day")
    MONTH_SUM = Reason.MONTH_SUM.value, _("sum of a month")
    RUN_SUM = Reason.RUN_SUM.value, _("sum of lines in a row")
    SET_SUM = Reason.SET_SUM.value, _("sum of a few lines")
    TAX = Reason.TAX.value, _("amount without tax")
    SWAPPED = Reason.SWAPPED.value, _("two digits of the amount swapped")
    SIGN = Reason.SIGN.value, _("on the other side")
    HAND = Reason.HAND.value, _("paired by hand")
