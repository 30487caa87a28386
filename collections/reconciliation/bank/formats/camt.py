"""CAMT.053, and .052 and .054 beside it: ISO 20022 in any of its versions.

No library is taken: the few that read it bring a web server or a data frame along, or know one version only. The XML
is read by defusedxml, which refuses document types and entities; elements are found by their names alone, since every
version has a name space of its own.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

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
from reconciliation.tabular import Problem

_REPORTS = {
    "BkToCstmrStmt": ("camt.053", "Stmt"),
    "BkToCstmrAcctRpt": ("camt.052", "Rpt"),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
}
# The codes of the balances that a period begins and ends with, the best first.
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_NO_REFERENCE = ("", "NOTPROVIDED", "NONREF", "NOREF")


def read(content: bytes) -> ParsedFile:
    """Raises NotThisFormat, UnreadableStatement."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")
    if not start.startswith(b"<") or b"o\x00f\x00x" in start.lower() or b"<ofx" in start.lower():
        raise NotThisFormat
    if not (b"camt." in content[:8192] or b"BkToCstmr" in content[:65536] or b"B\x00k\x00T\x00o" in content[:65536]):
        raise NotThisFormat
    root = _root(content)
    for name, (format_name, report) in _REPORTS.items():
        message = next((child for child in root if _name(child) in (name, f"{name}V01")), None)
        if message is not None:
            parsed = ParsedFile(format_name)
            reader = _Reader(parsed)
            parsed.statements = merged(
                statement for one in _children(message, report) for statement in reader.statements(one)
            )
            if not parsed.statements:
                raise UnreadableStatement(_("The file has no statement in it."))
            return parsed
    raise UnreadableStatement(_("This is a payment message of ISO 20022, but no bank statement (camt.053)."))


def _root(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        message = _("The XML has a document type or entities, which no bank statement has; it is not read.")
        raise UnreadableStatement(message) from None
    except ParseError as error:
        line, _column = error.position
        message = _("The XML is cut off or damaged in line %(line)d. Download the file again.")
        raise UnreadableStatement(message % {"line": line}, line) from None
    except (ValueError, LookupError):
        raise UnreadableStatement(_("The XML is in an encoding that cannot be read. Download it again.")) from None
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _first(element: Element | None, *path: str) -> Element | None:
    """The first element at the path; the root itself may be the first step."""
    if element is None:
        return None
    if not path:
        return element
    for child in element:
        if _name(child) == path[0] and (found := _first(child, *path[1:])) is not None:
            return found
    return None


def _text(element: Element | None, *path: str) -> str:
    found = _first(element, *path)
    return " ".join((found.text or "").split()) if found is not None else ""


class _Reader:
    def __init__(self, parsed: ParsedFile) -> None:
        self.parsed = parsed

    def statements(self, report: Element) -> list[ParsedStatement]:
        """The report, and apart from it what it says in other currencies than the account's."""
        account = _first(report, "Acct")
        number = _text(account, "Id", "IBAN") or _text(account, "Id", "Othr", "Id")
        currency = _text(account, "Ccy") or self._currency_of(report)
        own = ParsedStatement(
            number,
            currency,
            _text(account, "Ownr", "Nm") or _text(account, "Nm"),
            self._balance(report, _OPENING),
            self._balance(report, _CLOSING),
            _day(_text(report, "FrToDt", "FrDtTm")),
            _day(_text(report, "FrToDt", "ToDtTm")),
        )
        found = {currency: own}
        for place, entry in enumerate(_children(report, "Ntry"), start=1):
            if (_text(entry, "Sts", "Cd") or _text(entry, "Sts") or "BOOK") not in ("BOOK", "PDNG", "INFO"):
                pass  # a bank's own word: taken as booked
            elif (_text(entry, "Sts", "Cd") or _text(entry, "Sts") or "BOOK") != "BOOK":
                continue
            amount = _first(entry, "Amt")
            code = (amount.get("Ccy") if amount is not None else None) or currency
            if (line := self._line(report, entry, place)) is not None:
                found.setdefault(code, ParsedStatement(number, code, own.holder)).lines.append(line)
        return list(found.values())

    def _currency_of(self, report: Element) -> str:
        for name in ("Bal", "Ntry"):
            for one in _children(report, name):
                amount = _first(one, "Amt")
                if amount is not None and amount.get("Ccy"):
                    return str(amount.get("Ccy"))
        return ""

    def _balance(self, report: Element, codes: tuple[str, ...]) -> Decimal | None:
        for code in codes:
            for balance in _children(report, "Bal"):
                if _text(balance, "Tp", "CdOrPrtry", "Cd") == code:
                    return self._signed(balance, None)
        return None

    def _signed(self, element: Element, place: int | None) -> Decimal | None:
        text = _text(element, "Amt")
        try:
            amount = checked(Decimal(text))
        except (InvalidOperation, NotAnAmount):
            self._problem(place, text, _("is not an amount; write it like 1234.50"))
            return None
        side = _text(element, "CdtDbtInd")
        if side not in ("CRDT", "DBIT"):
            self._problem(place, side, _("is neither CRDT nor DBIT: it is not known which way the money went"))
            return None
        return amount if side == "CRDT" else -amount

    def _problem(self, place: int | None, value: str, message: str) -> None:
        if place is not None:
            message = said_of(_("Entry %(n)d") % {"n": place}, message)
        self.parsed.errors.append(Problem(None, value, message))

    def _line(self, report: Element, entry: Element, place: int) -> ParsedLine | None:
        amount = self._signed(entry, place)
        if not amount:  # an entry of nothing says something, and moves nothing
            return None
        day = next(
            (
                day
                for name in ("BookgDt", "ValDt")
                if (day := _day(_text(entry, name, "Dt") or _text(entry, name, "DtTm"))) is not None
            ),
            None,
        ) or _day(_text(report, "CreDtTm"))
        if day is None:
            self._problem(place, "", _("has no day on which it was booked"))
            return None
        is_reversal = _text(entry, "RvslInd") in ("true", "1")
        details = [detail for part in _children(entry, "NtryDtls") for detail in _children(part, "TxDtls")]
        # What was taken back keeps the parties of the payment that it takes back.
        came = (amount > 0) != is_reversal
        parties = [_party(detail, came=came) for detail in details]
        name, number, bank = parties[0] if len(set(parties)) == 1 else ("", "", "")
        return ParsedLine(
            day,
            amount,
            None,
            name,
            number,
            bank,
            _memo(entry, details, [] if name else [party[0] for party in parties]),
            _reference(entry, details),
            is_reversal=is_reversal,
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _party(detail: Element, *, came: bool) -> tuple[str, str, str]:
    """Name, account and bank of the other side."""
    sides = ("Dbtr", "Cdtr") if came else ("Cdtr", "Dbtr")
    parties, agents = _first(detail, "RltdPties"), _first(detail, "RltdAgts")
    side = sides[0]
    name = _text(parties, side, "Nm") or _text(parties, side, "Pty", "Nm") or _text(parties, f"Ultmt{side}", "Nm")
    name = name or _text(parties, f"Ultmt{side}", "Pty", "Nm")
    account = _text(parties, f"{side}Acct", "Id", "IBAN") or _text(parties, f"{side}Acct", "Id", "Othr", "Id")
    bank = _first(agents, f"{side}Agt", "FinInstnId")
    return name, account, _text(bank, "Nm") or _text(bank, "BICFI") or _text(bank, "BIC")


def _memo(entry: Element, details: list[Element], names: list[str]) -> str:
    said: list[str] = [*names]
    for detail in details:
        remittance = _first(detail, "RmtInf")
        before = len(said)
        if remittance is not None:
            said += [_text(one) for one in _children(remittance, "Ustrd")]
            for one in _children(remittance, "Strd"):
                said += [_text(one, "CdtrRefInf", "Ref"), _text(one, "RfrdDocInf", "Nb"), _text(one, "AddtlRmtInf")]
        end_to_end = _text(detail, "Refs", "EndToEndId")
        if not any(said[before:]) and end_to_end not in _NO_REFERENCE:
            said.append(end_to_end)
        said.append(_text(detail, "AddtlTxInf"))
    said.append(_text(entry, "AddtlNtryInf"))
    return " ".join(dict.fromkeys(text for text in said if text))


def _reference(entry: Element, details: list[Element]) -> str:
    """The bank's own, which no other entry has: the number within the statement is none."""
    found = [_text(entry, "AcctSvcrRef")]
    if len(details) == 1:
        found += [_text(details[0], "Refs", "AcctSvcrRef"), _text(details[0], "Refs", "TxId")]
    found.append(reference if len(reference := _text(entry, "NtryRef")) > 6 else "")
    return next((text for text in found if text not in _NO_REFERENCE), "")
