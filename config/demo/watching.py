"""The flags of the demo firm: raised by the sweeps of the last months, and a few of them taken in hand."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from customers.models import Customer, User
from flags.models import Flag, FlagKind
from flags.services import acknowledge
from flags.sweep import raise_flags

_WEEKLY, _NIGHTLY = 13, 7
# By the story of the customer: who took its overdue debts in hand, and what is being done.
_IN_HAND = {
    "vanished": ("manager", "已走访注册地址，人去楼空；材料移交法务，准备起诉"),
    "insolvent": ("liuyang", "已向管理人申报债权，等待第一次债权人会议"),
    "disputed delivery": ("zhaolei", "样品已送第三方检测，等报告出具后再谈"),
    "bounced cheque": ("wangqiang", "对方财务承诺月底前改用电汇补付"),
}


def sweep_past_nights(today: date, told: Callable[[int, int, str], None]) -> int:
    """Sweeps once a week for three months and every night of the last week; returns how many flags are open."""
    nights = [today - timedelta(weeks=weeks) for weeks in range(_WEEKLY, 1, -1)]
    nights += [today - timedelta(days=days) for days in range(_NIGHTLY, -1, -1)]
    for done, night in enumerate(nights):
        told(done, len(nights), _("Raising the flags of past nights"))
        result = raise_flags(as_of=night)
    return sum(result.open.values())


def take_in_hand(customers: dict[str, Customer], people: dict[str, User]) -> None:
    """Acknowledges what somebody works on already; `customers` by story."""
    for story, (username, note) in _IN_HAND.items():
        for flag in Flag.objects.open().filter(customer=customers.get(story), kind=FlagKind.OVERDUE).order_by("pk"):
            acknowledge(flag=flag, by=people[username], note=note)
