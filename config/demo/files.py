"""A few papers of the demo firm, drawn here: the photo of a delivery note, the scan of an invoice, a contract."""

import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Customer, Role, User
from ledger.attachments import attach
from ledger.models import Attachment, Entry, Kind

# So many of a kind for each salesperson: enough to be met, too few to weigh anything.
_EACH = 2
_WIDTH, _HEIGHT = 240, 320
_PAPER, _INK, _DESK, _STAMP = b"\xf4\xf2\xec", b"\x50\x56\x60", b"\x8a\x7a\x66", b"\xc2\x30\x2c"


def keep_files(people: dict[str, User]) -> int:
    """Attaches papers to the latest goods and invoices of each salesperson; returns how many."""
    kept = 0
    for user in (one for one in people.values() if one.role == Role.SALESPERSON):
        own = Entry.objects.filter(customer__owner=user, reversed_on__isnull=True, reverses__isnull=True)
        goods = own.filter(kind=Kind.SHIPMENT, shipment__delivered_on__isnull=False).exclude(number="")
        for entry in goods.select_related("customer").order_by("-date", "-pk")[:_EACH]:
            photo = SimpleUploadedFile(f"签收单 {entry.number}.png", drawn_photo(entry.pk))
            _keep(user, entry.customer, photo, Attachment.Kind.DELIVERY, entry, "客户仓库签收，盖章")
            kept += 1
        invoices = own.filter(kind=Kind.INVOICE, instalment_of__isnull=True).exclude(number="")
        for entry in invoices.select_related("customer").order_by("-date", "-pk")[:_EACH]:
            lines = [f"发票 {entry.number}", entry.customer.name, f"{entry.date:%Y-%m-%d}"]
            lines.append(f"{entry.currency} {entry.document_amount:,.2f}")
            scan = SimpleUploadedFile(f"发票 {entry.number}.pdf", _pdf(lines))
            _keep(user, entry.customer, scan, Attachment.Kind.INVOICE, entry)
            kept += 1
        for customer in Customer.objects.filter(owner=user).order_by("code")[:_EACH]:
            contract = SimpleUploadedFile(f"购销合同 {customer.code}.pdf", _pdf(["购销合同", customer.name]))
            _keep(user, customer, contract, Attachment.Kind.CONTRACT)
            kept += 1
    return kept


def _keep(
    by: User, customer: Customer, file: SimpleUploadedFile, kind: str, entry: Entry | None = None, note: str = ""
) -> None:
    attach(by=by, customer=customer, file=file, kind=kind, entry=entry, note=note)


def drawn_photo(seed: int) -> bytes:
    """A delivery note on a table, with its lines and a red stamp, as a PNG."""
    across, down = 150 + seed % 30, 230 + seed % 40
    rows = []
    for y in range(_HEIGHT):
        row = bytearray(b"\x00")
        for x in range(_WIDTH):
            far = (x - across) ** 2 + (y - down) ** 2
            on_paper = 24 < x < 216 and 16 < y < 304
            is_line = on_paper and 40 < x < 200 - (y * 7 + seed) % 60 and y % 18 in (0, 1) and y > 40
            is_stamp = on_paper and (24**2 < far < 28**2 or far < 5**2)
            row += _STAMP if is_stamp else _INK if is_line else _PAPER if on_paper else _DESK
        rows.append(bytes(row))
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def _pdf(lines: list[str]) -> bytes:
    """One page of text in a font for Chinese that every reader of PDF has."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -32 Td\n" for line in lines)
    text = f"BT /F 18 Tf 64 760 Td\n{shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + end % (count, table, count, len(made))
