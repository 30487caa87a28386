"""The customers of a workbook, and the salespeople that it names."""

from collections import defaultdict
from itertools import product
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

from customers.models import Contact, Customer, Role, User, check_currency
from ledger.models import Entry
from ledger.models.entries import NUMBER_SERIES
from ledger.workbook.layout import CUSTOMERS
from ledger.workbook.parsing import ParsedBook, Row

CONTACT = {"contact": "name", "phone": "phone", "email": "email"}
DEFAULTS = {"terms_days": 30, "currency": "CNY", "key_account": False, "region": "", "tax_id": ""}


class People:
    """Salespeople by user name and customers by code, as the file and the database together know them."""

    def __init__(self, book: ParsedBook, *, by: User | None, create_salespeople: bool) -> None:
        self.book = book
        self.by = by
        self.create_salespeople = create_salespeople
        self.salespeople: dict[str, User] = {}
        self.customers: dict[str, Customer] = {}
        self.posted = self.skipped = 0
        # Codes of customers that exist and are not the importing person's to write.
        self.others: set[str] = set()
        # Codes of rows that were turned away: what refers to them is no mistake of its own.
        self.failed: set[str] = set()

    def take(self) -> None:
        """Reads who is there, creates who is not, and notes every mistake of the sheet Customers."""
        self._take_salespeople()
        self._find_customers()
        fresh: list[tuple[Row, Customer]] = []
        for row in self.book.rows("customers"):
            if not row.is_sound:
                self.failed.add(row["code"] or "")
                continue
            known = self.customers.get(row["code"])
            if known is None:
                if (customer := self._new(row)) is not None:
                    self.customers[customer.code] = customer
                    fresh.append((row, customer))
                else:
                    self.failed.add(row["code"])
            elif difference := self._difference(known, row):
                column, stored = difference
                self.book.mistake(
                    "customers", row, column, row[column],
                    _("differs from what is stored for this customer (%(stored)s); change it in one place")
                    % {"stored": stored},
                )  # fmt: skip
            else:
                self.skipped += 1
        Customer.objects.bulk_create([customer for _row, customer in fresh], batch_size=1_000)
        contacts = [
            Contact(customer=customer, **{name: row[key] or "" for key, name in CONTACT.items()})
            for row, customer in fresh
            if any(row[key] for key in CONTACT)
        ]
        Contact.objects.bulk_create(contacts, batch_size=1_000)
        self.posted = len(fresh)
        self._warn_of_namesakes({customer.code for _row, customer in fresh})

    def customer(self, key: str, row: Row) -> Customer | None:
        """The customer of a row, whom the importing person may write for; else notes the mistake."""
        code = row["customer"]
        if (customer := self.customers.get(code)) is not None:
            return customer
        if code in self.failed:
            row.is_sound = False
        else:
            message = _("is no customer that you may post for; add it to the sheet Customers or check the code")
            self.book.mistake(key, row, "customer", code, message)
        return None

    def salesperson(self, key: str, row: Row) -> User | None:
        """The salesperson of a row, where it names one; an unknown name is noted as a mistake."""
        name = row["salesperson"]
        if not name:
            return None
        found = self.salespeople.get(name)
        if found is None:
            message = _("is no user; create the salesperson first, or import with salespeople being created")
            self.book.mistake(key, row, "salesperson", name, message)
        return found

    def _take_salespeople(self) -> None:
        named = {
            row["salesperson"] for sheet in self.book.sheets.values() for row in sheet.rows if row["salesperson"]
        }
        self.salespeople = {user.username: user for user in User.objects.filter(username__in=named)}
        if self.create_salespeople:
            for name in sorted(named - set(self.salespeople)):
                user = User(username=name, role=Role.SALESPERSON)
                user.set_unusable_password()
                user.save()
                self.salespeople[name] = user

    def _find_customers(self) -> None:
        codes = {row["code"] for row in self.book.rows("customers")}
        for sheet in self.book.sheets.values():
            codes |= {row["customer"] for row in sheet.rows}
        writable = Customer.objects.writable_by(self.by) if self.by else Customer.objects.all()
        wanted = sorted(code for code in codes if code)
        for start in range(0, len(wanted), 5_000):
            chunk = wanted[start : start + 5_000]
            found = writable.filter(code__in=chunk).select_related("owner")
            self.customers.update((customer.code, customer) for customer in found)
            self.others.update(Customer.objects.filter(code__in=chunk).values_list("code", flat=True))
        self.others -= self.customers.keys()
        # Allocations name documents alone; their customers are written all the same.
        named = {row[end] for row in self.book.rows("allocations") for end in ("from", "to") if row[end]}
        numbers = sorted(named)
        for series, start in product(NUMBER_SERIES, range(0, len(numbers), 5_000)):
            of_documents = Entry.objects.numbered_among(series, numbers[start : start + 5_000]).values("customer_id")
            found = writable.filter(pk__in=of_documents).select_related("owner")
            self.customers.update((customer.code, customer) for customer in found)

    def _new(self, row: Row) -> Customer | None:
        """A customer not stored yet; None where the row is turned away."""
        if self.by is not None and not self.by.keeps_books:
            message = _("is a new customer; only finance imports new customers")
            self.book.mistake("customers", row, "code", row["code"], message)
            return None
        owner = self.salesperson("customers", row)
        self._check(row)
        if not row.is_sound:
            return None
        if row["code"] in self.others:
            message = _("is another customer's code already")
            self.book.mistake("customers", row, "code", row["code"], message)
            return None
        if owner is None:
            message = _("has no salesperson; its flags go to finance until it has one")
            self.book.warnings.append(self.book.place("customers", row.number, "code", row["code"], message))
        facts = {key: default if row[key] is None else row[key] for key, default in DEFAULTS.items()}
        return Customer(code=row["code"], name=row["name"], owner=owner, credit_limit=row["credit_limit"], **facts)

    def _check(self, row: Row) -> None:
        def wrong(column: str, message: str) -> None:
            self.book.mistake("customers", row, column, row[column], message)

        if row["currency"]:
            row.values["currency"] = row["currency"].upper()
            try:
                check_currency(row["currency"])
            except ValidationError as error:
                wrong("currency", " ".join(error.messages))
        if row["email"]:
            try:
                validate_email(row["email"])
            except ValidationError:
                wrong("email", _("is no e-mail address"))
        if row["credit_limit"] is not None and row["credit_limit"] < 0:
            wrong("credit_limit", _("is negative; leave it empty where there is no limit"))
        if row["tax_id"] and len(row["tax_id"]) == 18:
            try:
                uscc.validate(row["tax_id"])
            except StdnumError:
                wrong("tax_id", _("is no unified social credit code: its check digit does not fit"))

    def _difference(self, customer: Customer, row: Row) -> tuple[str, Any] | None:
        """The first column in which a row says something else than what is stored; empty cells say nothing."""
        owner = self.salesperson("customers", row)
        for column in CUSTOMERS.columns:
            given = row[column.key]
            if given is None or column.key == "code" or column.key in CONTACT:
                continue
            stored: Any = customer.owner if column.key == "salesperson" else getattr(customer, column.key)
            said: Any = owner if column.key == "salesperson" else given
            if column.key == "currency":
                said = given.upper()
            if stored != said and row.is_sound:
                return column.key, "–" if stored is None else stored
        return None

    def _warn_of_namesakes(self, fresh: set[str]) -> None:
        """Codes that differ by leading zeros alone are two customers; now and then they are one, mistyped."""
        alike: dict[str, list[str]] = defaultdict(list)
        for code in self.customers:
            alike[code.lstrip("0")].append(code)
        for codes in alike.values():
            for code in sorted(codes)[1:]:
                if len(codes) > 1 and fresh.intersection(codes):
                    message = _("differs from customer %(other)s by leading zeros alone; they are two customers") % {
                        "other": sorted(codes)[0]
                    }
                    self.book.warnings.append(self.book.place("customers", None, "code", code, message))
