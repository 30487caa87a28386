"""What the columns of a bank's table are called, by Chinese banks first, the likeliest name of each first."""

from django.utils.translation import gettext_lazy as _

from reconciliation.tabular import Field, Holds


def _names(*lines: str) -> tuple[str, ...]:
    return tuple(name for line in lines for name in line.split("|"))


FIELDS = (
    Field(
        "date",
        _("date"),
        Holds.DAY,
        _names(
            "交易日期|记账日期|入账日期|交易日|记账日|日期|发生日期|会计日期|过账日期|交易时间|记账时间",
            "入账时间|交易日期时间|时间|起息日|起息日期|transaction date|booking date|posting date|post date",
            "posted date|date posted|entry date|date|trans date|value date|transaction time|booked|buchungstag",
            "datum",
        ),
        required=True,
    ),
    Field(
        "received",
        _("money in"),
        Holds.AMOUNT,
        _names(
            "收入金额|记账金额收入|贷方发生额|贷方金额|收入|贷方|存入金额|存入|转入金额|收款金额|入账金额",
            "贷方发生额收入|贷方发生额元收入|收入额|收方金额|贷记金额|credit amount|credit|credits|deposit",
            "deposits|money in|paid in|amount in|received|receipts",
        ),
    ),
    Field(
        "paid",
        _("money out"),
        Holds.AMOUNT,
        _names(
            "支出金额|记账金额支出|借方发生额|借方金额|支出|借方|支取金额|支取|转出金额|付款金额|出账金额",
            "借方发生额支取|借方发生额元支取|支出额|付方金额|借记金额|取出金额|debit amount|debit|debits",
            "withdrawal|withdrawals|money out|paid out|amount out|paid|payments",
        ),
    ),
    Field(
        "amount",
        _("amount"),
        Holds.AMOUNT,
        _names(
            "交易金额|发生额|金额|人民币金额|记账金额|收支金额|入账金额|交易额|金额元|交易金额元",
            "transaction amount|trade amount|amount|betrag|net|value",
        ),
    ),
    Field(
        "direction",
        _("in or out"),
        Holds.TEXT,
        _names(
            "借贷标志|借贷|借贷方向|借贷标识|借贷标记|收支|收支类型|收支方向|收付标志|收付|收付方向|交易方向",
            "方向|往来标志|进出账|收支标志|交易借贷标志|收或支|借或贷|资金方向|dr/cr|cr/dr|debit/credit",
            "credit/debit|debit credit|d/c|direction|交易类型",
        ),
    ),
    Field(
        "balance",
        _("balance"),
        Holds.AMOUNT,
        _names(
            "账户余额|余额|交易后余额|本次余额|当前余额|联机余额|卡余额|可用余额|帐户余额",
            "after transaction balance|running balance|balance|balance after|ledger balance",
        ),
    ),
    Field(
        "payer_name",
        _("counterparty"),
        Holds.TEXT,
        _names(
            "对方户名|对方名称|对方账户名称|对方账户名|对方单位名称|对方单位|对方姓名|收付方名称|对手信息",
            "收(付)方名称|收/付方名称|交易对手|交易对方|对手方名称|对手方|对手户名|对手名称|对方|收付款人名称",
            "收/付款方名称|往来户名|交易对手名称|交易对方名称|对方帐户名称|收款人或付款人|counterparty",
            "counterparty name|counter party|partner name|partner|payee|payer|payer name|payee name",
            "payer/payee|beneficiary|name|remitter",
        ),
    ),
    Field(
        "payer_account",
        _("counterparty's account"),
        Holds.NUMBER,
        _names(
            "对方账号|对方卡号账号|对方账户|对方帐号|对方帐户|对方卡号|收付方账号|收(付)方账号|收/付方账号",
            "对手账号|对手帐号|交易对手账号|对方账号卡号|对方账户账号|交易对方账号|往来账号|对手方账号",
            "counterparty account|counterparty account number|partner account|account partner",
            "beneficiary account|counterparty iban|iban",
        ),
    ),
    Field(
        "payer_bank",
        _("counterparty's bank"),
        Holds.TEXT,
        _names(
            "对方开户行|对方开户行名|对方开户行名称|对方行名|对方银行|对方开户机构|对方开户银行|收付方开户行名",
            "收(付)方开户行名|收/付方开户行|收(付)方开户行|对方银行名称|对手行名|对手开户行|交易对手开户行",
            "对方机构|counterparty bank|bank name|partner bank",
        ),
    ),
    Field("sender_name", _("payer"), Holds.TEXT, _names("付款人名称|付款人户名|付款方户名|付款方名称|付款人")),
    Field("sender_account", _("payer's account"), Holds.NUMBER, _names("付款人账号|付款方账号|付款账号|付款人帐号")),
    Field("sender_bank", _("payer's bank"), Holds.TEXT, _names("付款人开户行名|付款人开户行|付款方开户行")),
    Field("recipient_name", _("payee"), Holds.TEXT, _names("收款人名称|收款人户名|收款方户名|收款方名称|收款人")),
    Field(
        "recipient_account", _("payee's account"), Holds.NUMBER, _names("收款人账号|收款方账号|收款账号|收款人帐号")
    ),
    Field("recipient_bank", _("payee's bank"), Holds.TEXT, _names("收款人开户行名|收款人开户行|收款方开户行")),
    Field(
        "memo",
        _("memo"),
        Holds.TEXT,
        _names(
            "摘要|用途|附言|备注|交易摘要|摘要说明|交易附言|交易备注|交易说明|客户附言|汇款用途|转账附言",
            "商品说明|交易描述|描述|说明|交易详情|业务类型|交易名称|业务名称|memo|description|details",
            "narrative|remark|remarks|purpose|particulars|note|transaction details|label|subject",
            "verwendungszweck|reference text",
        ),
        many=True,
    ),
    Field(
        "reference",
        _("bank's reference"),
        Holds.NUMBER,
        _names(
            "交易流水号|核心流水号|流水号|银行流水号|账户明细编号-交易流水号|账户明细编号|交易参考号|交易编号",
            "交易号|交易序号|回单编号|业务流水号|企业流水号|柜员流水号|主机流水号|业务编号|记账流水号|明细编号",
            "日志号|业务参考号|transaction reference number|transaction reference|transaction id",
            "bank reference|reference number|reference|unique id|transaction number|ref|fitid",
        ),
    ),
    Field(
        "currency",
        _("currency"),
        Holds.TEXT,
        _names("币种|货币|交易货币|交易币种|记账币种|币别|账户币种|currency|trade currency|ccy"),
    ),
    Field(
        "account",
        _("own account"),
        Holds.NUMBER,
        _names(
            "账号|本方账号|帐号|账户|卡号|我方账号|查询账号|本方帐号|交易卡号|交易账号|客户账号|account number",
            "account no|account|our account",
        ),
    ),
)
