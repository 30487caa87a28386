"""A receipt and the red line by which the bank took it back: set aside together, for neither is anybody's."""

from django.db import transaction
from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import User
from reconciliation.bank.models import BankLine
from reconciliation.matching.claiming import refuse_all
from reconciliation.matching.errors import NotMatched
from reconciliation.matching.models import AsideKind, SetAside
from reconciliation.matching.queries.taken_back import TakenBack, taken_back
from reconciliation.matching.recording import check_matches, lock_lines
from reconciliation.matching.undoing import set_aside


@transaction.atomic
def set_both_aside(*, line: BankLine, by: User, receipt: int | None = None) -> list[SetAside]:
    """Sets the line and its opposite aside, or neither; `receipt` is the key of the one that is meant where the red
    line may be of several. Claims that wait for the receipt are refused.
    """
    check_matches(by)
    returned = taken_back([line])
    pair = returned.pairs.get(line.pk)
    if pair is None and (doubt := returned.doubts.get(line.pk)) is not None:
        pair = next((one for one in doubt.pairs if one.line.pk == receipt), None)
    if pair is not None:
        lines = lock_lines([pair.line.pk, pair.reversal.pk])
        pair = TakenBack(lines[pair.line.pk], lines[pair.reversal.pk])
    if pair is None or not pair.is_open:
        raise NotMatched(_("One of both lines was dealt with meanwhile; look at them once more."))
    refuse_all(line=pair.line, by=by, answer=_("The bank took the receipt back."))
    reasons = ((pair.line, reason_of(pair)), (pair.reversal, reason_of_reversal(pair)))
    made = [set_aside(line=one, by=by, kind=AsideKind.RETURNED, reason=reason) for one, reason in reasons]
    return [aside for aside in made if aside is not None]


def reason_of(pair: TakenBack) -> str:
    return _("taken back by the bank on %(date)s") % {"date": shown_day(pair.reversal.date)}


def reason_of_reversal(pair: TakenBack) -> str:
    return _("takes back the line of %(date)s") % {"date": shown_day(pair.line.date)}
