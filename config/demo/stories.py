"""What happened to single customers of the demo firm, told on top of their everyday trade. Pure.

Each story returns the debts whose payment it tells itself (or that nobody pays); all others are paid in the
customer's usual way.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from config.demo.account import Account
from config.demo.acts import Act, Invoiced, WayStep
from config.demo.mailing import COURIERS, MAIL, on_its_way
from config.demo.products import basket, machine
from config.demo.workdays import workday
from ledger.documents import Instalment
from ledger.money import ZERO, rounded

Told = Iterable[Act]


def vanished(account: Account) -> Told:
    """The last goods were shipped when nobody answered the telephone any more, and never invoiced."""
    stops_on = account.profile.payer.stops_on
    assert stops_on
    account.ship(workday(stops_on + timedelta(days=24)), account.profile.sale * 2, memo="发货后客户失联，电话停机")
    return ()


def disputed_delivery(account: Account) -> Told:
    """One large delivery is said to be faulty; everything else is paid."""
    return (account.sale(172, 72_000, memo="客户称批次质量问题，待第三方检测"),)


def bounced_cheque(account: Account) -> Told:
    invoice = account.sale(88, 54_000)
    cheque = account.pay(account.ago(22), invoice.amount, invoice, method="cheque", memo="转账支票")
    account.reverse(account.ago(15), cheque, "空头支票，银行退票")
    return (invoice,)


def issued_again(account: Account) -> Told:
    """The title was wrong; the tax office wants the red-letter invoice before the new one."""
    goods = account.ship(account.ago(54), 138_000)
    wrong = account.bill(account.ago(51), goods)
    wrong.way = on_its_way(account, wrong.date, 2)
    account.cancel(account.ago(38), wrong, "购方抬头有误，客户退票")
    right = account.bill(account.ago(37), goods, replaces=wrong, memo="更正抬头后重开")
    right.way = on_its_way(account, right.date, 2)
    return wrong, right


def never_sent(account: Account) -> Told:
    """Three invoices lie in a drawer; the customer pays nothing that it has no invoice for."""
    sales = [account.sale(days, value, way=[]) for days, value in ((47, 84_000), (29, 126_000), (12, 57_000))]
    failed = WayStep("failed", sales[0].date, MAIL, account.profile.contacts[0].email, "附件超过对方邮箱限制")
    sales[0].way = [failed]
    return sales


def bounced_mail(account: Account) -> Told:
    invoice = account.sale(26, 73_500)
    address = "caiwu.old@example.com"
    invoice.way = [
        WayStep("sent", invoice.date, MAIL, address),
        WayStep("bounced", workday(invoice.date), MAIL, address, "550 收件人不存在"),
    ]
    return (invoice,)


def not_received(account: Account) -> Told:
    """Two letters were posted, and nobody asked whether they had arrived."""
    sales = [account.sale(days, value) for days, value in ((41, 112_000), (24, 64_800))]
    for place, invoice in enumerate(sales):
        carrier, prefix = COURIERS[place]
        number = f"{prefix}{account.rng.randrange(10**12):012}"
        invoice.way = [WayStep("sent", workday(invoice.date + timedelta(days=1)), carrier, number)]
    return sales


def not_booked(account: Account) -> Told:
    """The customer's clerk has the invoices, and booked them after neither month's end."""
    sales = [account.sale(days, value) for days, value in ((58, 61_000), (33, 76_000))]
    for invoice in sales:
        invoice.way = on_its_way(account, invoice.date, 2)
    return sales


def not_invoiced(account: Account) -> Told:
    for days, value in ((83, 155_000), (52, 98_000), (31, 64_000)):
        account.ship(account.ago(days), value, memo="待客户确认数量后开票")
    return ()


def paid_twice(account: Account) -> Told:
    invoice = account.sale(95, 48_600)
    account.pay(account.ago(64), invoice.amount, invoice)
    twice = account.pay(account.ago(60), invoice.amount, automatic=False, memo="客户重复付款")
    account.refund(account.ago(45), invoice.amount, twice, "退回重复付款")
    return (invoice,)


def pays_ahead(account: Account) -> Told:
    """Pays ahead once a quarter; finance uses the money up when goods are invoiced. The last still waits."""
    advance = Decimal(account.profile.sale // 1000 * 1000)
    for quarter in range(8, 0, -1):
        day = account.ago(quarter * 91)
        if day > account.profile.buys_from:
            account.use_up(account.pay(day, advance, automatic=False, memo="预付货款"), advance)
    account.pay(account.ago(9), advance * 2, automatic=False, memo="预付货款")
    return ()


def in_instalments(account: Account) -> Told:
    """30 % on delivery, 60 % after acceptance, 10 % kept back for a year; the acceptance drags on."""
    goods = account.ship(account.ago(128), lines=(machine(),), memo="生产线设备")
    day = account.ago(124)
    parts = [(10, 30), (90, 60), (365, 10)]
    instalments = [
        Instalment(day + timedelta(days=days), rounded(goods.amount * percent / 100)) for days, percent in parts
    ]
    invoice = account.bill(day, goods, instalments=instalments, memo="30%发货款，60%验收款，10%质保金")
    account.pay(account.ago(112), instalments[0].amount, invoice, memo="发货款")
    account.pay(account.ago(20), Decimal(160_000), invoice, memo="验收款（部分）")
    return (invoice,)


def invoiced_ahead(account: Account) -> Told:
    """The invoice came first and the goods are still on their way, one half of them shipped."""
    first, second = (basket(account.rng, 90_000) for _ in range(2))
    amount = sum((line.amount for line in (*first, *second)), ZERO)
    invoice = account.bill(account.ago(27), amount=amount, memo="先票后货")
    account.ship(account.ago(13), lines=first, invoice=invoice)
    return (invoice,)


def old_debt(account: Account) -> Told:
    """A balance from before the ledger; one part payment, and then three years are nearly over."""
    due = account.opened_on - timedelta(days=100)
    debt = account.opening(Decimal(96_400), due, memo="旧账结转，余款待收")
    account.pay(workday(account.opened_on + timedelta(days=75)), Decimal(20_000), debt, memo="部分还款")
    return (debt,)


def settled_the_wrong_one(account: Account) -> Told:
    older, newer = account.sale(74, 39_000), account.sale(59, 52_000)
    # Not automatic: what goes beyond the older one waits until finance has asked.
    payment = account.pay(account.ago(21), min(older.amount, newer.amount), older, automatic=False)
    account.reallocate(account.ago(17), payment, wrong=older, right=newer)
    return older, newer


def credited_after_payment(account: Account) -> Told:
    """Goods came back after they had been paid for, so that the firm owes the customer."""
    goods = account.ship(account.ago(101), 68_000)
    invoice = account.bill(account.ago(99), goods)
    account.pay(account.ago(61), invoice.amount, invoice)
    account.take_back(account.ago(30), goods, invoice, 40, "来料检验不合格，协商退货")
    return (invoice,)


def yearly_rebate(account: Account) -> Told:
    """Early each year a bonus on the sales of the last, set off against the next invoices."""
    for year in range(account.opened_on.year + 1, account.today.year + 1):
        invoices = [act for act in account.acts if isinstance(act, Invoiced) and act.date.year == year - 1]
        rebate = rounded(sum((invoice.amount for invoice in invoices), ZERO) / 100)
        if rebate > 0:
            account.use_up(account.allow(workday(date(year, 1, 20)), rebate, memo=f"{year - 1}年度销售返利"), rebate)
    return ()


def opened_with_an_advance(account: Account) -> Told:
    """The ledger began with money that the customer had paid ahead."""
    account.use_up(account.opening(Decimal(-50_000), memo="期初预收款"), Decimal(50_000))
    return ()
