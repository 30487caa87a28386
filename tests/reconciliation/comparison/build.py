"""A customer's list in a test: uploaded, its columns guessed, taken."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from customers.models import Customer, User
from ledger.models import Entry
from reconciliation.comparison.choices import Direction
from reconciliation.comparison.models import CustomerList, ListUpload
from reconciliation.comparison.queries.comparisons import bridge_of
from reconciliation.comparison.reading import FIELDS, read_list
from reconciliation.comparison.taking import Asked, keep_upload, stored_table, take
from reconciliation.statements.answering import Marked, Words, answer_on_paper
from reconciliation.statements.making import Wish, make
from reconciliation.statements.models import Answer, AnswerFile
from reconciliation.tabular import guess

HEADING = "日期,凭证号,发票号,摘要,借方,贷方,余额"


def a_file(*rows: str, name: str = "应付账款明细账.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADING, *rows, ""]).encode("gb18030"))


def a_list(by: User, customer: Customer, *rows: str, **facts: Any) -> CustomerList:
    """Taken as it was guessed, but for the facts that are given."""
    upload = keep_upload(by=by, customer=customer, file=a_file(*rows))
    table = stored_table(upload)
    columns = guess(table, FIELDS)
    given = read_list(table, columns)
    asked: dict[str, Any] = {
        "columns": columns,
        "direction": Direction.CREDIT,
        "first_day": given.first_day,
        "as_of": given.as_of,
        "opening": given.opening,
        "closing": given.closing,
    }
    for name, value in facts.items():
        asked[name] = date.fromisoformat(value) if name in ("first_day", "as_of") else value
    return take(by=by, upload=upload, asked=Asked(**asked))


def an_upload(by: User, customer: Customer) -> ListUpload:
    rows = [f"2026-03-{n:02},记-{n},FP-{n},采购,,{n}00.00," for n in range(1, 9)]
    return keep_upload(by=by, customer=customer, file=a_file(*rows))


def a_comparison(by: User, customer: Customer) -> CustomerList:
    """The customer's list that was compared; a new one where there is none."""
    known = CustomerList.objects.filter(customer=customer).first()
    rows = [f"2026-0{month}-20,,,货款,20.00,,{month}.00" for month in range(1, 6)]
    return known or a_list(by, customer, *rows, "2026-05-28,,ZX-7,运费,,7.00,12.00")


def an_answered_list(customer: Customer, file: SimpleUploadedFile, *wrong: Entry) -> AnswerFile:
    """Sent with a stamped reply, in which the amounts of some documents are called wrong."""
    assert customer.owner is not None
    wish = Wish(first=date(2026, 3, 1), last=date(2026, 3, 31))
    statement = make(by=customer.owner, customer=customer, wish=wish)
    scan = SimpleUploadedFile("reply.jpg", b"\xff\xd8\xffphoto")
    files = [(AnswerFile.Kind.REPLY, scan), (AnswerFile.Kind.LIST, file)]
    lines = [Marked("wrong", entry.pk, amount=Decimal(1)) for entry in wrong]
    words = Words(Answer.Verdict.DIFFERS, "Ms Zhang", note="see the list", lines=lines, files=files)
    answer_on_paper(by=customer.owner, statement=statement, words=words)
    return AnswerFile.objects.get(kind=AnswerFile.Kind.LIST)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def steps(row: CustomerList) -> list[tuple[str, Decimal]]:
    return [(step.cls.value, step.amount) for step in bridge_of(row).steps]
