"""Statements as banks write them, made for the tests."""

from pathlib import Path

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-04-01T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><FrToDt><FrDtTm>2026-03-01T00:00:00</FrDtTm><ToDtTm>2026-03-31T23:59:59</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>622200001234</Id></Othr></Id><Ccy>CNY</Ccy><Ownr><Nm>Our Firm</Nm></Ownr></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1180.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"""


def entry(amount: str, side: str = "CRDT", *, currency: str = "CNY", more: str = "", party: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}'
        f"<BookgDt><Dt>2026-03-15</Dt></BookgDt>{party}</Ntry>"
    )


PARTY = """<NtryDtls><TxDtls><Refs><EndToEndId>E2E-7</EndToEndId></Refs><RltdPties>
<Dbtr>{dbtr}</Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct><Cdtr><Nm>Supplier</Nm></Cdtr>
</RltdPties><RltdAgts><DbtrAgt><FinInstnId><BIC>BYLADEM1</BIC></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Ustrd>Invoice A-1</Ustrd><Ustrd>and A-2</Ustrd></RmtInf></TxDtls></NtryDtls>"""

MT940 = """{{1:F01BKCHCNBJAXXX}}{{2:I940X}}{{4:
:20:START
:25:622200001234
:28C:1/1
:60F:C260301CNY1000,00
:61:2603150315CR300,00NTRFNONREF//B-1
:86:/NAME/Customer One/IBAN/DE02120300000000202051/REMI/Invoice A-1
:61:2603160316DR100,00NTRFA-9//B-2
:86:fee
:61:2603170317RC20,50NTRFNONREF
:86:returned payment
:61:2603170317RD0,50NTRFNONREF
:86:fee taken back
:62F:C260331CNY{closing}
-}}
"""

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>1<ACCTID>622200001234<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260315120000[-5:EST]<TRNAMT>1,234.50<FITID>F-1
<NAME>Customer &amp; Son<MEMO>A-1</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260316<TRNAMT>-34.50<FITID>F-2<NAME>Fee</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>2200.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

# The corporate export of a Chinese bank: title, period, counts, both languages in the heading, a total at the end.
CSV = """某某银行对公账户交易明细,,,,,,,,
账号：622200001234,户名：我方公司,币种：人民币,,,,,,
起始日期：2026-03-01,终止日期：2026-03-31,总笔数：3,,,,,,
交易日期\t,交易时间,借方发生额（支出）,贷方发生额（收入）,余额,对方户名,对方账号,摘要,交易流水号
20260315\t,10:00:00,,"300.00","1,300.00",甲公司,6222020200011112222,货款 A-1,B-1
20260316\t,10:01:00,"100.00",,"1,200.00",,,手续费,B-2
20260317\t,10:02:00,"20.00",,"1,180.00",乙公司,6.2226E+18,退款,B-3
合计,,120.00,300.00,,,,,
"""


def a_file(folder: Path, content: str | bytes, name: str = "statement", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path
