"""OFX, the SGML of version 1 and the XML of version 2, by the parser of ofxtools.

Only its reading of the marks is taken, not its check against the specification, which hardly a bank's file passes.
"""

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as ElementParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from ofxtools.Parser import TreeBuilder

from config.words import said_of
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

_ROOT = re.compile(r"<OFX\s*>", re.IGNORECASE)
_CHARSET = re.compile(rb"CHARSET:\s*(\S+)")
_TAG = re.compile(r"<(/?)([A-Za-z0-9._]+)\s*(/?)>")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_REPORTS = ("STMTRS", "CCSTMTRS")


def read(content: bytes) -> ParsedFile:
    """Raises NotThisFormat, UnreadableStatement."""
    head = content[:4096].replace(b"\x00", b"").upper()
    if b"OFXHEADER" not in head and b"<OFX>" not in head:
        raise NotThisFormat
    if re.search(rb"<!(DOCTYPE|ENTITY)", head):
        message = _("The XML has a document type or entities, which no bank statement has; it is not read.")
        raise UnreadableStatement(message)
    text = _text(content)
    start = _ROOT.search(text)
    if start is None:
        raise UnreadableStatement(_("The file ends before its statement begins: it was cut off."))
    if not re.search(r"</OFX\s*>", text, re.IGNORECASE):
        raise UnreadableStatement(_("The file ends before its statement does: it was cut off. Download it again."))
    root = _tree(text[start.start() :])
    parsed = ParsedFile("ofx")
    reports = [report for report in root.iter() if report.tag in _REPORTS]
    if not reports:
        raise UnreadableStatement(_("The file has no statement of a bank account in it."))
    parsed.statements = merged(statement for report in reports for statement in _statements(report, parsed))
    return parsed


def _text(content: bytes) -> str:
    declared = _CHARSET.search(content[:1024])
    if declared and declared[1].strip() == b"1252":
        try:
            return content.decode("utf-8")  # many say 1252 and write UTF-8
        except UnicodeDecodeError:
            if b"USASCII" in content[:1024]:
                return content.decode("cp1252", "replace")
    try:
        return decoded(content)
    except UnreadableTable as refusal:
        raise UnreadableStatement(str(refusal)) from None


def _tree(text: str) -> Element:
    """The XML of version 2 as it is; the marks of version 1 in capitals, self-closed ones opened, without text after
    a closing mark.
    """
    with suppress(ElementParseError, DefusedXmlException, ValueError):
        whole: Element = fromstring(text, forbid_dtd=True)
        return whole
    text = _TAG.sub(lambda found: _mark(found[1], found[2].upper(), found[3]), text)
    text = re.sub(r"(</[A-Z0-9._]+>)[^<]+", r"\1", text)
    builder = TreeBuilder()
    try:
        builder.feed(text)
        root = builder.close()
    except (SyntaxError, AssertionError, IndexError, ValueError) as error:  # either ParseError is a SyntaxError
        message = _("The OFX is cut off or damaged (%(error)s). Download the file again.")
        raise UnreadableStatement(message % {"error": str(error).partition(" - ")[0][:120]}) from None
    return root


def _mark(slash: str, name: str, closed: str) -> str:
    return f"<{name}></{name}>" if closed else f"<{slash}{name}>"


def _said(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return " ".join(html.unescape(found.text or "").split()) if found is not None else ""


def _statements(report: Element, parsed: ParsedFile) -> Iterator[ParsedStatement]:
    account = _said(report, "BANKACCTFROM/ACCTID") or _said(report, "CCACCTFROM/ACCTID")
    currency = _said(report, "CURDEF").upper()
    listed = report.find("BANKTRANLIST")
    own = ParsedStatement(
        account,
        currency,
        closing=_balance(report, parsed),
        first_date=_day(_said(listed, "DTSTART")),
        last_date=_day(_said(listed, "DTEND")),
    )
    found = {currency: own} if currency else {}
    for place, one in enumerate(listed.findall("STMTTRN") if listed is not None else (), start=1):
        code = _said(one, "CURRENCY/CURSYM").upper() or currency
        if (line := _line(one, place, parsed)) is not None:
            found.setdefault(code, ParsedStatement(account, code)).lines.append(line)
    yield from found.values() or (own,)


def _balance(report: Element, parsed: ParsedFile) -> Decimal | None:
    text = _said(report, "LEDGERBAL/BALAMT")
    if not text:
        return None
    try:
        return _amount(text)
    except (InvalidOperation, NotAnAmount):
        message = _("The closing balance is not an amount, and was left out.")
        parsed.warnings.append(Problem(None, text, message))
        return None


def _amount(text: str) -> Decimal:
    if "," in text and "." in text:
        text = text.replace(",", "") if text.rfind(".") > text.rfind(",") else text.replace(".", "")
    return checked(Decimal(text.replace(",", ".").replace(" ", "")))


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _line(one: Element, place: int, parsed: ParsedFile) -> ParsedLine | None:
    text, dated = _said(one, "TRNAMT"), _said(one, "DTPOSTED")
    try:
        amount: Decimal | None = _amount(text)
    except (InvalidOperation, NotAnAmount):
        amount = None
    day = _day(dated)
    if amount is None or day is None:
        what = _("is not an amount; write it like 1234.50") if amount is None else _("is not a date")
        value = text if amount is None else dated
        parsed.errors.append(Problem(None, value, said_of(_("Entry %(n)d") % {"n": place}, what)))
        return None
    if not amount:
        return None
    name = _said(one, "NAME") or _said(one, "PAYEE/NAME")
    memo = [_said(one, "EXTDNAME"), _said(one, "MEMO"), _said(one, "CHECKNUM")]
    return ParsedLine(
        day,
        amount,
        None,
        name,
        _said(one, "BANKACCTTO/ACCTID") or _said(one, "CCACCTTO/ACCTID"),
        _said(one, "BANKACCTTO/BANKID"),
        " ".join(dict.fromkeys(text for text in memo if text and text != name)),
        _said(one, "FITID") or _said(one, "REFNUM"),
        is_reversal=bool(_said(one, "CORRECTFITID")),
    )
