"""How each invoice travels: sent, received, booked, and where it got stuck. Pure but for the random source."""

from datetime import date, timedelta

from config.demo.account import Account
from config.demo.acts import Act, Invoiced, WayStep
from config.demo.workdays import workday

COURIERS = (("顺丰速运", "SF"), ("中通快递", "ZT"), ("EMS", "EM"))
MAIL = "电子邮件"
_STUCK_FOR_DAYS = 100
# Of 100 recent invoices that nobody has paid yet so many never left, never arrived or were never booked.
_NEVER_SENT, _NEVER_RECEIVED, _NEVER_BOOKED = 4, 4, 5


def send_invoices(account: Account) -> None:
    """Gives every invoice of which nothing is told yet its way up to today."""
    for act in account.past():
        if isinstance(act, Invoiced) and act.way is None:
            act.way = [step for step in _way(account, act) if step.date <= account.today]


def _way(account: Account, invoice: Invoiced) -> list[WayStep]:
    paid_on = account.paid_on.get(invoice)
    steps = 3 if paid_on and paid_on <= account.today else _steps_done(account, invoice)
    return on_its_way(account, invoice.date, steps, no_later_than=paid_on)


def _steps_done(account: Account, invoice: Act) -> int:
    if (account.today - invoice.date).days > _STUCK_FOR_DAYS:
        return 3
    dice = account.rng.randrange(100)
    for steps, share in enumerate((_NEVER_SENT, _NEVER_RECEIVED, _NEVER_BOOKED)):
        if dice < share:
            return steps
        dice -= share
    return 3


def on_its_way(account: Account, issued: date, steps: int, no_later_than: date | None = None) -> list[WayStep]:
    """The first `steps` of sent, received and booked; who pays has booked, so none is later than that day."""
    rng, by_courier = account.rng, account.profile.by_courier
    sent = workday(issued + timedelta(days=rng.choice((1, 1, 2, 3) if by_courier else (0, 0, 0, 1))))
    received = workday(sent + timedelta(days=rng.randint(2, 4) if by_courier else rng.randint(0, 3)))
    booked = workday(received + timedelta(days=rng.randint(2, 12)))
    days = [min(day, no_later_than) if no_later_than else day for day in (sent, received, booked)]
    carrier, tracking_number = MAIL, account.profile.contacts[0].email
    if by_courier:
        carrier, prefix = rng.choice(COURIERS)
        tracking_number = f"{prefix}{rng.randrange(10**12):012}"
    whole = [
        WayStep("sent", days[0], carrier, tracking_number),
        WayStep("received", days[1]),
        WayStep("booked", days[2]),
    ]
    return whole[:steps]
