"""MT940 by the library mt-940."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import mt940
from django.utils.translation import gettext as _

from ledger.money import NotAnAmount, checked
from reconciliation.bank.formats.parsed import (
    NotThisFormat,
    ParsedFile,
    ParsedLine,
    ParsedStatement,
    UnreadableStatement,
    merged,
)
from reconciliation.tabular import Problem, UnreadableTable
from reconciliation.tabular.decoding import decoded

_STATEMENT = re.compile(r"^\s*:20:", re.MULTILINE)
_TAGS = re.compile(r"^\s*:(?:25[A-Z]?|60[FM]|61|28C?|62[FM]|13D?|34F):", re.MULTILINE)
_LINES = re.compile(r"^\s*:61:", re.MULTILINE)
# The envelope of a SWIFT message, and how one ends.
_END = re.compile(r"^(-|-\}.*|\{[1-5]:.*)$", re.MULTILINE)
_NO_REFERENCE = ("", "NONREF", "NOREF", "NOTPROVIDED", "//", "NONE")
_CODED = re.compile(r"/(NAME|IBAN|BIC|REMI|EREF|CSID|MARF|TRTP|CNTP|ORDP|BENM|ADDR|ISDT|PURP|SVCL|TRCD|OCMT|CHGS)/")
_OPENINGS = ("final_opening_balance", "intermediate_opening_balance", "opening_balance")
_CLOSINGS = ("final_closing_balance", "intermediate_closing_balance", "closing_balance")


def read(content: bytes) -> ParsedFile:
    """Raises NotThisFormat, UnreadableStatement."""
    if b":20:" not in content[:4096].replace(b"\x00", b"") and b":61:" not in content.replace(b"\x00", b""):
        raise NotThisFormat
    try:
        text = decoded(content).removeprefix("\ufeff")
    except UnreadableTable as refusal:
        raise UnreadableStatement(str(refusal)) from None
    if len(_TAGS.findall(text)) < 2 and not _LINES.search(text):
        raise NotThisFormat
    text = "\n".join(_END.sub("", line.rstrip()) for line in text.splitlines())
    parsed = ParsedFile("mt940")
    blocks = _blocks(text)
    found = [_statement(block, number, parsed) for number, block in enumerate(blocks, start=1)]
    parsed.statements = merged(found)
    return parsed


def _blocks(text: str) -> list[str]:
    """The statements of a file; each begins with its reference."""
    starts = [match.start() for match in _STATEMENT.finditer(text)] or [0]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _statement(block: str, place: int, parsed: ParsedFile) -> ParsedStatement:
    block = "\n".join(line.lstrip() if re.match(r"\s+:\d\d[A-Z]?:", line) else line for line in block.splitlines())
    found = _parsed(block, place)
    data = found.data
    closing = next((data[key] for key in _CLOSINGS if data.get(key)), None)
    opening = next((data[key] for key in _OPENINGS if data.get(key)), None)
    statement = ParsedStatement(
        _account(str(data.get("account_identification") or "")),
        found.currency or "",
        opening=_amount(opening),
        closing=_amount(closing),
        first_date=_plain_day(opening.date) if opening else None,
        last_date=_plain_day(closing.date) if closing else None,
    )
    lines = [one for one in found if one.data.get("amount") is not None]
    statement.lines = [line for one in lines if (line := _line(one.data, parsed)) is not None]
    if statement.first_date and statement.lines and opening:
        # An opening balance is dated the day before, or when the last statement closed.
        statement.first_date = min(line.date for line in statement.lines)
    if len(_LINES.findall(block)) != len(lines):
        message = _("Statement %(n)d has %(there)d lines (:61:), and only %(read)d could be read.")
        facts = {"n": place, "there": len(_LINES.findall(block)), "read": len(lines)}
        parsed.errors.append(Problem(None, None, message % facts))
    elif opening is not None and closing is None and lines:
        message = _("Statement %(n)d ends without its closing balance (:62F:): the file was cut off.")
        parsed.errors.append(Problem(None, None, message % {"n": place}))
    return statement


def _parsed(block: str, place: int) -> Any:
    """By the standard, else as two banks write it who do not keep to it."""
    for tag in (None, mt940.tags.StatementASNB, mt940.tags.StatementGLS):
        try:
            return mt940.parse(block, tags={61: tag()} if tag else None, options=mt940.Options.all())
        except Exception as error:  # whatever a foreign file makes a few hundred patterns do
            first = error
    message = _("Statement %(n)d of the file cannot be read. It was cut off or damaged: download it again.")
    raise UnreadableStatement(message % {"n": place}) from first


def _account(text: str) -> str:
    return " ".join(text.split())


def _amount(balance: Any) -> Decimal | None:
    return _checked(balance.amount.amount) if balance is not None else None


def _checked(value: Decimal) -> Decimal | None:
    try:
        return checked(Decimal(value))
    except NotAnAmount:
        return None


def _plain_day(day: Any) -> date | None:
    return date(day.year, day.month, day.day) if day is not None else None


def _line(data: dict[str, Any], parsed: ParsedFile) -> ParsedLine | None:
    raw = data["amount"].amount
    amount, day = _checked(raw), _plain_day(data.get("guessed_entry_date") or data.get("date"))
    if amount is None or day is None:
        parsed.errors.append(Problem(None, str(raw), _("is not an amount; write it like 1234.50")))
        return None
    if not amount:
        return None
    details = " ".join(str(data.get("transaction_details") or "").split("\n"))
    coded = _coded(details)
    name = data.get("applicant_name") or coded.get("NAME") or ""
    memo = [data.get("purpose"), coded.get("REMI") or (None if coded.get("NAME") else details)]
    memo += [data.get("additional_purpose"), data.get("posting_text"), data.get("extra_details")]
    memo += [data.get("end_to_end_reference")]
    return ParsedLine(
        day,
        amount,
        None,
        _said(name),
        _said(data.get("applicant_iban") or coded.get("IBAN") or ""),
        _said(data.get("applicant_bin") or coded.get("BIC") or ""),
        " ".join(dict.fromkeys(text for one in memo if (text := _said(one or "")))),
        _reference(data),
        is_reversal=str(data.get("status") or "").upper() in ("RC", "RD"),
    )


def _said(text: Any) -> str:
    return " ".join(str(text).split())


def _coded(details: str) -> dict[str, str]:
    """The parts of details that are written /NAME/…/IBAN/…/REMI/…"""
    pieces = _CODED.split(details)
    return {code: text.strip(" /") for code, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _reference(data: dict[str, Any]) -> str:
    """The bank's own, else the customer's where it is one."""
    for key in ("bank_reference", "customer_reference"):
        if (text := _said(data.get(key) or "").strip("/ ")) not in _NO_REFERENCE:
            return text
    return ""
