"""What customers answered becomes the state of their reconciliation, and each line that they marked a difference."""

from datetime import date as Date
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from config.words import said_of
from ledger.money import formatted
from reconciliation.comparison.choices import ClassChoices
from reconciliation.rounds.differences import Found, record
from reconciliation.rounds.models import Difference, Reconciliation, State
from reconciliation.statements.models import Answer, AnswerLine

# An answer that the night has not seen for so long was seen by somebody.
LATELY = timedelta(days=31)
_KINDS = {
    AnswerLine.Kind.UNKNOWN: ClassChoices.NOT_BOOKED,
    AnswerLine.Kind.WRONG: ClassChoices.AMOUNT,
    AnswerLine.Kind.PAID: ClassChoices.PAYMENT,
    AnswerLine.Kind.MISSING: ClassChoices.UNKNOWN,
}


def take_answers(*, today: Date) -> int:
    """Takes the answers to all statements that were asked about and are answered by now. How many."""
    lately = Q(closed_on__isnull=True) | Q(statement__answer__at__date__gte=today - LATELY)
    answered = _open_to_answers().filter(lately, statement__answer__isnull=False)
    return sum(take_answer(one, today=today) for one in answered)


def take_loose_answers(*, today: Date) -> int:
    """What customers marked on statements that no round asked about, or none asks about any more, becomes differences
    all the same. How many answers of the last month had not been taken yet.
    """
    answers = Answer.objects.filter(verdict=Answer.Verdict.DIFFERS, at__date__gte=today - LATELY)
    apart = Q(statement__reconciliation__isnull=True) | Q(statement__reconciliation__state=State.DROPPED)
    loose = answers.filter(apart).select_related("statement__customer__owner")
    return sum(
        bool(record(_marked(answer), customer=answer.statement.customer, by=None, today=today)) for answer in loose
    )


@transaction.atomic
def take_answer(reconciliation: Reconciliation, *, today: Date) -> bool:
    """Whether the answer was new. One that agrees ends the reconciliation, unless a difference of our own is open:
    then the last resolution ends it. Of one that does not agree, every marked line is a difference, and where none
    was marked the answer itself is one; the reconciliation waits again, where explanations had ended it.
    """
    waiting = _open_to_answers().select_for_update(of=("self",))
    stored = waiting.select_related("customer", "statement__answer").filter(pk=reconciliation.pk).first()
    if stored is None or stored.statement is None or stored.statement.given_answer is None:
        return False
    answer = stored.statement.given_answer
    claimed = Reconciliation.objects.filter(pk=stored.pk)
    # A stamped paper may come back of which nobody has said that it went out.
    asked = {"asked_on": stored.asked_on or today, "answer_by": stored.answer_by or today}
    if answer.agrees:
        if Difference.objects.open().filter(reconciliation=stored).exists():
            return bool(claimed.exclude(state=State.DIFFERS).update(**asked, state=State.DIFFERS))
        return bool(claimed.update(**asked, state=State.AGREED, closed_on=today, closed_by=None))
    claimed.update(**asked, state=State.DIFFERS, closed_on=None, closed_by=None)
    record(_marked(answer), customer=stored.customer, by=None, today=today, reconciliation=stored)
    return True


def _open_to_answers() -> QuerySet[Reconciliation]:
    """Those under way, and those that explanations ended before the customer said a word."""
    waiting = Q(closed_on__isnull=True) | Q(state=State.EXPLAINED)
    return Reconciliation.objects.filter(waiting).exclude(Exists(_taken()))


def _taken() -> QuerySet[Difference]:
    """What an answer to the statement of a reconciliation has left: a statement is answered once."""
    return Difference.objects.filter(reconciliation=OuterRef("pk"), source__startswith="answer:")


def _marked(answer: Answer) -> list[Found]:
    return [_of_line(line) for line in answer.lines.select_related("entry")] or [_of_answer(answer)]


def _of_line(line: AnswerLine) -> Found:
    return Found(
        source=f"answer:{line.answer_id}:{line.pk}",
        kind=_KINDS[AnswerLine.Kind(line.kind)],
        words=_words(line),
        amount=_amount(line),
        entry=line.entry_id,
    )


def _amount(line: AnswerLine) -> Decimal | None:
    """By how much our balance is above the customer's for the line; None where the customer gave no figure."""
    ours = line.entry.document_amount if line.entry is not None else None
    match AnswerLine.Kind(line.kind):
        case AnswerLine.Kind.UNKNOWN:
            return ours
        case AnswerLine.Kind.WRONG if ours is not None and line.amount is not None:
            # The customer writes a figure without its sign.
            return ours - (line.amount if ours >= 0 else -abs(line.amount))
        case AnswerLine.Kind.PAID:
            return line.amount if line.amount is not None else ours
    return None


def _words(line: AnswerLine) -> str:
    document = line.entry.described if line.entry is not None else line.document
    figure = formatted(line.amount) if line.amount is not None else ""
    match AnswerLine.Kind(line.kind):
        case AnswerLine.Kind.UNKNOWN:
            said = _("unknown to the customer")
        case AnswerLine.Kind.WRONG:
            said = _("the customer has %(figure)s") % {"figure": figure} if figure else _("the amount is wrong")
        case AnswerLine.Kind.PAID:
            said = _("already paid, says the customer")
        case _:
            said = _("missing on our statement, %(figure)s") % {"figure": figure} if figure else _("missing here")
    words = said_of(document, said)
    return f"{words} · {line.note}" if line.note else words


def _of_answer(answer: Answer) -> Found:
    said = _("The customer does not agree with the balance and says no more.")
    return Found(source=f"answer:{answer.pk}", kind=ClassChoices.UNKNOWN, words=f"{said} {answer.note}".strip())
