"""A month of a firm's bank account whose truth is known, and how payers make it hard to see.

Pure, of a seed. Payers are misspelled, pay under another name or through a person, for several bills at once or one
in parts, less a fee, round sums on account; and some lines are no customer's at all.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from reconciliation.matching.weighing import Customers, Item, Limits, Line, Suggestion

FIRST = date(2026, 5, 1)
LIMITS = Limits(fee=Decimal("50.00"), change=Decimal("1.00"))
_CITIES = ("上海", "北京", "苏州", "宁波", "广州", "深圳", "杭州", "无锡", "东莞", "佛山", "青岛", "成都")
_BRANDS = "华光兴盛恒泰鑫源宏达瑞丰嘉和永安德信金辉立新正大中顺海天明远东方佳美联创"
_TRADES = ("机械", "电子", "贸易", "包装", "化工", "纺织", "五金", "建材", "食品", "科技", "物流", "塑料")
_FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰涛明"
_NOISE = ("结息", "手续费", "代发工资退回", "内部转账", "税务退款", "押金")


@dataclass(frozen=True, slots=True)
class Truth:
    """Who has paid and what; no items where a round sum was paid on account. What no customer has paid has none."""

    customer: int
    items: frozenset[int] = frozenset()


@dataclass(slots=True)
class Month:
    customers: Customers
    items: list[Item]
    lines: list[Line]
    truth: dict[int, Truth]
    sort: dict[int, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """Of the lines: how many were exact, how many of those wrongly; of those that a customer has paid, how many have
    the truth among what is shown.
    """

    lines: int
    exact: int
    wrong: int
    paid: int
    shown: int
    missed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.exact if self.exact else 1.0

    @property
    def recall(self) -> float:
        return self.shown / self.paid if self.paid else 1.0


def measured(month: Month, found: dict[int, list[Suggestion]]) -> Measured:
    exact = [one for some in found.values() for one in some[:1] if one.is_exact]
    wrong = [one for one in exact if not is_true(month, one) or not month.truth[one.line].items]
    missed = [key for key in month.truth if not any(is_true(month, one) for one in found.get(key, ()))]
    return Measured(
        lines=len(month.lines),
        exact=len(exact),
        wrong=len(wrong),
        paid=len(month.truth),
        shown=len(month.truth) - len(missed),
        missed=Counter(month.sort[key] for key in missed),
        false=Counter(month.sort[one.line] for one in wrong),
    )


def is_true(month: Month, one: Suggestion) -> bool:
    truth = month.truth.get(one.line)
    return truth is not None and truth.customer == one.customer and (not truth.items or truth.items == one.keys)


def by_amount_alone(month: Month) -> dict[int, list[Suggestion]]:
    """What a plain join on the amount finds: the one item that has it."""
    whose: dict[Decimal, list[Item]] = {}
    for item in month.items:
        whose.setdefault(item.open, []).append(item)
    return {
        line.key: [
            Suggestion(
                line.key, some[0].customer, ((some[0].key, line.open),), some[0].is_money, (), 100, is_exact=True
            )
        ]
        for line in month.lines
        if len(some := whose.get(line.open, [])) == 1
    }


def month(seed: int, *, lines: int = 10_000, items: int = 50_000, customers: int = 3_000) -> Month:
    return _Firm(random.Random(seed), customers, items - lines // 2).month(lines)


class _Firm:
    def __init__(self, chance: random.Random, customers: int, debts: int) -> None:
        self.chance = chance
        self.names = self._some_names(customers)
        self.items: list[Item] = []
        self.free: dict[int, list[Item]] = {customer: [] for customer in self.names}
        self.lines: list[Line] = []
        self.truth: dict[int, Truth] = {}
        self.sort: dict[int, str] = {}
        self.accounts = {customer: self._digits(19) for customer in self.names}
        self.learned = [
            (customer, self.accounts[customer], self._person() if chance.random() < 0.1 else name)
            for customer, name in self.names.items()
            if chance.random() < 0.4
        ]
        keys = list(self.names)
        for _ in range(debts):
            customer = keys[min(int(chance.expovariate(4 / len(keys))), len(keys) - 1)]
            self.free[customer].append(self._owed(customer))

    # --- what there is ----------------------------------------------------------------------------------------

    def _some_names(self, count: int) -> dict[int, str]:
        """Some are told apart by one character."""
        found: dict[str, None] = {}
        while len(found) < count:
            brand = "".join(self.chance.sample(_BRANDS, self.chance.choice((2, 2, 3))))
            found[self.chance.choice(_CITIES) + brand + self.chance.choice(_TRADES) + self.chance.choice(_FORMS)] = (
                None
            )
        return dict(enumerate(found, 1))

    def _digits(self, n: int) -> str:
        return "".join(self.chance.choices("0123456789", k=n))

    def _person(self) -> str:
        return self.chance.choice(_FAMILY) + "".join(self.chance.sample(_GIVEN, self.chance.choice((1, 2))))

    def _amount(self) -> Decimal:
        cents = int(self.chance.lognormvariate(13.8, 1.1))
        return Decimal(cents // 10_000 * 10_000 + 10_000 if self.chance.random() < 0.3 else cents + 1).scaleb(-2)

    def _add(self, customer: int, amount: Decimal, on: date, *, is_money: bool = False) -> Item:
        key = len(self.items) + 1
        number = f"26312000{key:012}" if not is_money else f"SK{key:07}" if self.chance.random() < 0.5 else ""
        due = on if is_money else on + timedelta(days=30)
        self.items.append(Item(key, customer, number, on, due, amount, is_money=is_money))
        return self.items[-1]

    def _owed(self, customer: int) -> Item:
        return self._add(customer, self._amount(), FIRST - timedelta(days=self.chance.randrange(1, 150)))

    def _recorded(self, customer: int, amount: Decimal, on: date) -> Item:
        """By the salesperson, on the day or a little off."""
        return self._add(
            customer, amount, on + timedelta(days=self.chance.choice((0, 0, 0, -1, 1, -3, 2))), is_money=True
        )

    def _taken(self, customer: int, count: int) -> list[Item]:
        while len(self.free[customer]) < count:
            self.free[customer].append(self._owed(customer))
        self.chance.shuffle(self.free[customer])
        return [self.free[customer].pop() for _ in range(count)]

    # --- what the bank says -----------------------------------------------------------------------------------

    def _line(
        self,
        sort: str,
        amount: Decimal,
        on: date,
        truth: Truth | None,
        *,
        payer: str,
        account: str = "",
        words: str = "",
    ) -> None:
        key = len(self.lines) + 1
        self.lines.append(Line(key, on, amount, payer, account, " ".join(filter(None, (words, self._digits(16))))))
        self.sort[key] = sort
        if truth is not None:
            self.truth[key] = truth

    def _said(self) -> str:
        return self.chance.choice(("货款", "付货款", "往来款", "", "转账"))

    def month(self, lines: int) -> Month:
        ways: dict[Callable[[str, int, date], None], int] = {
            self._plain: 30, self._of_a_known_account: 7, self._naming: 13, self._one_bill: 10, self._of_a_month: 3,
            self._all_owed: 3, self._some_bills: 5, self._misspelled: 6, self._through_a_person: 4,
            self._for_somebody: 4, self._merged: 4, self._in_parts: 3, self._less_a_fee: 3, self._on_account: 3,
            self._nobodys: 5,
        }  # fmt: skip
        keys = list(self.names)
        while len(self.lines) < lines:
            [way] = self.chance.choices(list(ways), weights=list(ways.values()))
            on = FIRST + timedelta(days=self.chance.randrange(31))
            way(way.__name__.strip("_"), self.chance.choice(keys), on)
        return Month(Customers(dict(self.names), tuple(self.learned)), self.items, self.lines, self.truth, self.sort)

    def _plain(self, sort: str, customer: int, on: date) -> None:
        item = self._recorded(customer, self._amount(), on)
        account = self.accounts[customer] if self.chance.random() < 0.7 else self._digits(19)
        truth = Truth(customer, frozenset({item.key}))
        self._line(sort, item.open, on, truth, payer=self.names[customer], account=account, words=self._said())

    def _of_a_known_account(self, sort: str, customer: int, on: date) -> None:
        known = [whose for whose, _account, _name in self.learned] or list(self.names)
        customer = self.chance.choice(known)
        item = (
            self._recorded(customer, self._amount(), on)
            if self.chance.random() < 0.6
            else self._taken(customer, 1)[0]
        )
        truth = Truth(customer, frozenset({item.key}))
        payer = self.chance.choice(("", self._person(), self.names[customer][:6]))
        self._line(sort, item.open, on, truth, payer=payer, account=self.accounts[customer], words=self._said())

    def _bills(
        self,
        sort: str,
        customer: int,
        on: date,
        bills: Sequence[Item],
        *,
        less: Decimal = Decimal(0),
        words: str = "",
    ) -> None:
        amount = sum((bill.open for bill in bills), -less)
        truth = Truth(customer, frozenset(bill.key for bill in bills))
        self._line(sort, amount, on, truth, payer=self.names[customer], words=words or self._said())

    def _naming(self, sort: str, customer: int, on: date) -> None:
        bills = self._taken(customer, self.chance.choice((1, 1, 1, 2, 3)))
        ends = self.chance.random() < 0.3
        words = "付" + "、".join(bill.number[-8:] if ends else bill.number for bill in bills) + "货款"
        self._bills(sort, customer, on, bills, words=words)

    def _one_bill(self, sort: str, customer: int, on: date) -> None:
        self._bills(sort, customer, on, self._taken(customer, 1))

    def _some_bills(self, sort: str, customer: int, on: date) -> None:
        self._bills(sort, customer, on, self._taken(customer, self.chance.choice((2, 2, 3))))

    def _of_a_month(self, sort: str, customer: int, on: date) -> None:
        bills = [bill for bill in self.free[customer] if bill.date.month == 4]
        if len(bills) < 2:
            return self._one_bill("one_bill", customer, on)
        self.free[customer] = [bill for bill in self.free[customer] if bill not in bills]
        return self._bills(sort, customer, on, bills, words="4月货款")

    def _all_owed(self, sort: str, customer: int, on: date) -> None:
        bills, self.free[customer] = self.free[customer], []
        self._bills(sort, customer, on, bills or self._taken(customer, 1))

    def _misspelled(self, sort: str, customer: int, on: date) -> None:
        item = self._recorded(customer, self._amount(), on)
        name = list(self.names[customer])
        place = self.chance.randrange(2, 5)
        name[place] = self.chance.choice(_BRANDS)
        truth = Truth(customer, frozenset({item.key}))
        self._line(sort, item.open, on, truth, payer="".join(name), words=self._said())

    def _through_a_person(self, sort: str, customer: int, on: date) -> None:
        item = self._recorded(customer, self._amount(), on)
        truth = Truth(customer, frozenset({item.key}))
        self._line(sort, item.open, on, truth, payer=self._person(), account=self._digits(19), words=self._said())

    def _for_somebody(self, sort: str, customer: int, on: date) -> None:
        item = (
            self._recorded(customer, self._amount(), on)
            if self.chance.random() < 0.5
            else self._taken(customer, 1)[0]
        )
        truth = Truth(customer, frozenset({item.key}))
        self._line(sort, item.open, on, truth, payer=self._person(), words=f"代{self.names[customer]}付款")

    def _merged(self, sort: str, customer: int, on: date) -> None:
        items = [self._recorded(customer, self._amount(), on) for _ in range(self.chance.choice((2, 2, 3)))]
        self._bills(sort, customer, on, items)

    def _in_parts(self, sort: str, customer: int, on: date) -> None:
        item = self._recorded(customer, self._amount() + 100, on)
        first = (item.open * self.chance.randrange(20, 80) / 100).quantize(Decimal("0.01"))
        truth = Truth(customer, frozenset({item.key}))
        for amount, day in ((first, on), (item.open - first, on + timedelta(days=self.chance.randrange(3)))):
            self._line(sort, amount, day, truth, payer=self.names[customer], words=self._said())

    def _less_a_fee(self, sort: str, customer: int, on: date) -> None:
        less = Decimal(self.chance.choice(("5", "10", "15.50", "25", "50", "0.35", "0.80")))
        names = self.chance.random() < 0.5
        bills = self._taken(customer, 1)
        self._bills(
            sort, customer, on, bills, less=min(less, bills[0].open / 2), words=bills[0].number if names else ""
        )

    def _on_account(self, sort: str, customer: int, on: date) -> None:
        amount = Decimal(self.chance.randrange(1, 60) * 1_000).quantize(Decimal("0.01"))
        if not self.free[customer]:
            self.free[customer].append(self._owed(customer))
        self._line(sort, amount, on, Truth(customer), payer=self.names[customer], words=self._said())

    def _nobodys(self, sort: str, customer: int, on: date) -> None:
        payer = self.chance.choice((self._person(), "招商银行", "国家税务总局", "未来之星" + self._person() + "商行"))
        self._line(sort, self._amount(), on, None, payer=payer, words=self.chance.choice(_NOISE))
