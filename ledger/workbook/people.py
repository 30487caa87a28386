"""The customers of a workbook: who is stored already, who is new, and who is described otherwise."""

from collections import defaultdict
from itertools import product
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

from customers.models import HOME_CURRENCY, Contact, Customer, User, check_currency
from ledger.bulk import chunks
from ledger.models import Entry
from ledger.models.entries import NUMBER_SERIES
from ledger.workbook.cells import other_currency
from ledger.workbook.layout import CUSTOMERS
from ledger.workbook.parsing import ParsedBook, Row
from ledger.workbook.salespeople import Salespeople

CONTACT = {"contact": "name", "phone": "phone", "email": "email"}
DEFAULTS: dict[str, Any] = {
    "terms_days": 30,
    "currency": HOME_CURRENCY,
    "key_account": False,
    "region": "",
    "tax_id": "",
}


class People:
    """Customers by code, as the file and the database together know them."""

    def __init__(self, book: ParsedBook, *, by: User | None, create_salespeople: bool, store: bool) -> None:
        """Without `store` nothing is written: new customers have a placeholder for their key, below zero."""
        self.book = book
        self.by = by
        self.store = store
        self.salespeople = Salespeople(book, create=create_salespeople, store=store)
        self.customers: dict[str, Customer] = {}
        self.posted = self.skipped = 0
        # Codes of customers that exist and are not the importing person's to write.
        self.others: set[str] = set()
        # Codes of rows that were turned away: what refers to them is no mistake of its own.
        self.failed: set[str] = set()
        # The rows that bring a new customer, by code.
        self.fresh: dict[str, tuple[Row, Customer]] = {}
        self._contacts: dict[int, list[Contact]] = defaultdict(list)

    def take(self) -> None:
        """Reads who is there, creates who is not, and notes every mistake of the sheet Customers."""
        self._find_customers()
        self._find_contacts()
        for row in self.book.rows("customers"):
            if not row.is_sound:
                self.failed.add(row["code"] or "")
                continue
            self._check_currency_written(row)
            known = self.customers.get(row["code"])
            if known is None:
                if (customer := self._new(row)) is not None:
                    self.customers[customer.code] = customer
                    self.fresh[customer.code] = (row, customer)
                else:
                    self.failed.add(row["code"])
            elif difference := self._difference(known, row):
                self._note_difference(row, *difference)
            else:
                self.skipped += 1
        self._keep()
        self.posted = len(self.fresh)
        self._warn_of_namesakes()

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

    def note_taken_meanwhile(self) -> bool:
        """Notes as mistakes the new customers that somebody else created at the same time; whether there are any."""
        taken = {
            code
            for chunk in chunks(sorted(self.fresh))
            for code in Customer.objects.filter(code__in=chunk).values_list("code", flat=True)
        }
        for code in sorted(taken):
            message = _("was created by somebody else a moment ago; import the file again")
            self.book.mistake("customers", self.fresh[code][0], "code", code, message)
        return bool(taken)

    # --- who is there -------------------------------------------------------------------------------------

    def _find_customers(self) -> None:
        codes = {row["code"] for row in self.book.rows("customers")}
        for sheet in self.book.sheets.values():
            codes |= {row["customer"] for row in sheet.rows}
        writable = Customer.objects.writable_by(self.by) if self.by else Customer.objects.all()
        for chunk in chunks(sorted(code for code in codes if code)):
            found = writable.filter(code__in=chunk).select_related("owner")
            self.customers.update((customer.code, customer) for customer in found)
            self.others.update(Customer.objects.filter(code__in=chunk).values_list("code", flat=True))
        self.others -= self.customers.keys()
        # Allocations name documents alone; their customers are written all the same.
        named = {row[end] for row in self.book.rows("allocations") for end in ("from", "to") if row[end]}
        for series, chunk in product(NUMBER_SERIES, chunks(sorted(named))):
            for documents in (Entry.objects.numbered_among, Entry.objects.reversed_among):
                of_documents = documents(series, chunk).values("customer_id")
                found = writable.filter(pk__in=of_documents).select_related("owner")
                self.customers.update((customer.code, customer) for customer in found)

    def _find_contacts(self) -> None:
        given = {row["code"] for row in self.book.rows("customers") if any(row[key] for key in CONTACT)}
        for chunk in chunks(sorted(self.customers[code].pk for code in given & self.customers.keys())):
            for contact in Contact.objects.filter(customer__in=chunk):
                self._contacts[contact.customer_id].append(contact)

    # --- who is new ---------------------------------------------------------------------------------------

    def _new(self, row: Row) -> Customer | None:
        """A customer not stored yet; None where the row is turned away."""
        if self.by is not None and not self.by.keeps_books:
            message = _("is a new customer; only finance imports new customers")
            self.book.mistake("customers", row, "code", row["code"], message)
            return None
        owner = self.salespeople.of("customers", row)
        self._check(row)
        if not row.is_sound:
            return None
        if row["code"] in self.others:
            message = _("is another customer's code already")
            self.book.mistake("customers", row, "code", row["code"], message)
            return None
        if owner is None:
            self._warn(row, row["code"], _("has no salesperson; its flags go to finance until it has one"))
        facts = {key: default if row[key] is None else row[key] for key, default in DEFAULTS.items()}
        customer = Customer(
            code=row["code"], name=row["name"], owner=owner, credit_limit=row["credit_limit"], **facts
        )
        if not self.store:
            customer.pk = -1 - len(self.fresh)
        return customer

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

    def _check_currency_written(self, row: Row) -> None:
        currency = (row["currency"] or DEFAULTS["currency"]).upper()
        for column, written in (row.written or {}).items():
            if message := other_currency(written, currency):
                self.book.mistake("customers", row, column, written, message)

    def _keep(self) -> None:
        """Stores the new customers in the order of their codes, which two imports have in common."""
        if not self.store:
            return
        fresh = [self.fresh[code] for code in sorted(self.fresh)]
        Customer.objects.bulk_create([customer for _row, customer in fresh], batch_size=1_000)
        contacts = [
            Contact(customer=customer, **{name: row[key] or "" for key, name in CONTACT.items()})
            for row, customer in fresh
            if any(row[key] for key in CONTACT)
        ]
        Contact.objects.bulk_create(contacts, batch_size=1_000)

    # --- who is described otherwise -------------------------------------------------------------------------

    def _difference(self, customer: Customer, row: Row) -> tuple[str, Any] | None:
        """The first column in which a row says something else than what is known; empty cells say nothing."""
        owner = self.salespeople.of("customers", row)
        if not row.is_sound:
            return None
        for column in CUSTOMERS.columns:
            given = row[column.key]
            if given is None or column.key == "code" or column.key in CONTACT:
                continue
            known: Any = customer.owner if column.key == "salesperson" else getattr(customer, column.key)
            said: Any = owner if column.key == "salesperson" else given
            if column.key == "currency":
                said = given.upper()
            if known != said:
                return column.key, known
        return self._difference_of_contact(customer, row)

    def _difference_of_contact(self, customer: Customer, row: Row) -> tuple[str, Any] | None:
        """Whether a row describes a contact whom the customer does not have: the column that tells them apart."""
        given = {key: row[key] for key in CONTACT if row[key]}
        if not given:
            return None
        if customer.code in self.fresh:
            first = self.fresh[customer.code][0]
            contacts = [{key: first[key] or "" for key in CONTACT}]
        else:
            stored = self._contacts[customer.pk]
            contacts = [{key: getattr(contact, name) for key, name in CONTACT.items()} for contact in stored]
        differences = [next((k for k, said in given.items() if contact[k] != said), None) for contact in contacts]
        if None in differences:
            return None
        column = differences[0] if differences else next(iter(given))
        assert column is not None
        return column, contacts[0][column] if contacts else None

    def _note_difference(self, row: Row, column: str, known: Any) -> None:
        shown = "–" if known in (None, "") else known
        if row["code"] in self.fresh:
            message = _("differs from row %(row)d, which has this customer as well (%(known)s); keep one of them")
            message %= {"row": self.fresh[row["code"]][0].number, "known": shown}
        else:
            message = _("differs from what is stored for this customer (%(stored)s); change it in one place")
            message %= {"stored": shown}
        self.book.mistake("customers", row, column, row[column], message)

    # --- who is called alike --------------------------------------------------------------------------------

    def _warn_of_namesakes(self) -> None:
        """Codes that differ by leading zeros alone are two customers; now and then they are one, mistyped."""
        alike: dict[str, set[str]] = defaultdict(set)
        for code in self.customers:
            alike[code.lstrip("0")].add(code)
        bare = Func(F("code"), Value("0"), function="LTRIM")
        for chunk in chunks(sorted({code.lstrip("0") for code in self.fresh})):
            stored = Customer.objects.annotate(bare=bare).filter(bare__in=chunk)
            for code in stored.values_list("code", flat=True):
                alike[code.lstrip("0")].add(code)
        for code, (row, _customer) in self.fresh.items():
            before = sorted(alike[code.lstrip("0")] - {code}, key=lambda other: (other in self.fresh, other))
            if before and (before[0] not in self.fresh or before[0] < code):
                message = _("differs from customer %(other)s by leading zeros alone; they are two customers")
                self._warn(row, code, message % {"other": before[0]})

    def _warn(self, row: Row, code: str, message: str) -> None:
        self.book.warnings.append(self.book.place("customers", row.number, "code", code, message))
