"""Statements go out: by mail with the paper and a link, by a link that somebody passes on, or by hand.

A link that was made is not sent yet: it is from when it is first opened, or when somebody says that it went.

A dispatch is written before its mail goes out, so that no mail is without a record; that it went, or why not, is
noted after. A worker that is killed in between leaves a dispatch of which nobody knows; its job does not send again.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Contact, User
from ledger.errors import KeyReused, NotPermitted
from ledger.posting import lock_customers
from reconciliation.statements.errors import StatementRefused
from reconciliation.statements.links import NewLink, new_link
from reconciliation.statements.making import may_make_for
from reconciliation.statements.models import Dispatch, Statement
from reconciliation.statements.paper import demand_in_words
from reconciliation.statements.queries.firm import letterhead

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    dispatch: Dispatch
    # The address of the link, known only now.
    url: str


def usual_address(statement: Statement) -> str:
    """Where the customer's last statement went, else the first contact with an address; empty where there is none."""
    last = Dispatch.objects.filter(statement__customer=statement.customer_id, channel=Dispatch.Channel.MAIL)
    went = last.arrived().order_by("-pk").values_list("to", flat=True).first()
    contacts = Contact.objects.filter(customer=statement.customer_id).exclude(email="")
    return went or contacts.values_list("email", flat=True).first() or ""


def send(*, by: User, statement: Statement, to: str, job: UUID | None = None) -> Sent:
    """Mails the statement. Raises StatementRefused where the mail server did not take it: that is recorded too."""
    try:
        validate_email(to)
    except ValidationError:
        raise StatementRefused(_("“%(to)s” is no e-mail address.") % {"to": to}, field="to") from None
    sent = _begin(by, statement, Dispatch(channel=Dispatch.Channel.MAIL, to=to, job=job))
    try:
        _mail(statement, sent).send()
    except Exception as away:
        logger.exception("The statement %s could not be mailed.", statement.pk)
        sent.dispatch.error = (str(away) or type(away).__name__)[:300]
        sent.dispatch.save(update_fields=["error"])
        said = _("The mail server did not take the mail: %(reason)s") % {"reason": sent.dispatch.error[:200]}
        raise StatementRefused(said) from away
    sent.dispatch.sent_at = timezone.now()
    sent.dispatch.save(update_fields=["sent_at"])
    return sent


def hand_out(*, by: User, statement: Statement) -> Sent:
    """A link to pass on, by a messenger for instance. It is shown this once, and nobody knows yet whether it goes."""
    return _begin(by, statement, Dispatch(channel=Dispatch.Channel.LINK))


@transaction.atomic
def note_passed_on(*, by: User, statement: Statement, way: str, day: date, key: UUID) -> Dispatch:
    """Somebody says that they gave the customer the link that was made last by that day, or else the document itself.

    The `key` is of the form: the same form once more notes nothing more.
    """
    now = timezone.now()
    if way not in Dispatch.Way.values:
        raise StatementRefused(_("Say by which way it went."), field="way")
    if day > timezone.localdate(now):
        raise StatementRefused(_("This day has not come yet; check the date."), field="day")
    if day < timezone.localdate(statement.made_at):
        raise StatementRefused(_("The statement was made after that day; check the date."), field="day")
    told = {"way": way, "told_by": by, "told_at": now, "job": key}
    lock_customers([statement.customer_id])
    noted = Dispatch.objects.filter(statement=statement, job=key).first()
    if noted is not None:
        if (noted.told_by_id, noted.way) != (by.pk, way):
            raise KeyReused(_("This form was sent before with other data; open it anew."))
        return noted
    # As it is now: somebody may have answered or withdrawn it while we waited.
    statement = Statement.objects.select_related("customer", "answer").get(pk=statement.pk)
    _check(by, statement)
    links = Dispatch.objects.filter(statement=statement, channel=Dispatch.Channel.LINK, way="")
    link = links.valid(now).filter(created_at__date__lte=day).order_by("-created_at", "-pk").first()
    if link is None:
        hand = Dispatch(channel=Dispatch.Channel.HAND, sent_at=_noon(day, statement.made_at, now), **told)
        return _begin(by, statement, hand).dispatch
    # One that was opened before had arrived by then.
    went = Coalesce("sent_at", _noon(day, link.created_at, now))
    Dispatch.objects.filter(pk=link.pk, way="").update(sent_at=went, **told)
    link.refresh_from_db()
    return link


def _noon(day: date, earliest: datetime, now: datetime) -> datetime:
    """A moment of a day of which no more is known: not before there was anything to send, and not to come."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    return min(max(noon, earliest), now)


def is_sent_by(statement: Statement, job: UUID) -> bool:
    return Dispatch.objects.filter(statement=statement, job=job).exists()


def _check(by: User, statement: Statement) -> None:
    if not may_make_for(by, statement.customer):
        said = _("You may not send statements of %(customer)s.")
        raise NotPermitted(said % {"customer": statement.customer})
    if statement.is_withdrawn:
        raise StatementRefused(_("This statement was withdrawn; make a new one."))
    if hasattr(statement, "answer"):
        raise StatementRefused(_("The customer has answered this statement; make a new one instead."))


def _begin(by: User, statement: Statement, dispatch: Dispatch) -> Sent:
    _check(by, statement)
    dispatch.statement, dispatch.by = statement, by
    link = equip(dispatch, now=timezone.now())
    try:
        with transaction.atomic():
            dispatch.save(force_insert=True)
    except IntegrityError:
        raise StatementRefused(_("This job has sent the statement before.")) from None
    return Sent(dispatch, address_of(link))


def equip(dispatch: Dispatch, *, now: datetime) -> NewLink:
    """Gives a new dispatch a link of its own."""
    link = new_link()
    dispatch.created_at, dispatch.expires_at = now, now + timedelta(days=settings.STATEMENT_LINK_DAYS)
    dispatch.token_hash, dispatch.handle = link.token_hash, link.handle
    return link


def address_of(link: NewLink) -> str:
    return f"{settings.SITE_URL}{reverse('statement-open', args=[link.token])}"


def _mail(statement: Statement, sent: Sent) -> EmailMultiAlternatives:
    """In the language of the statement."""
    with translation.override(statement.language):
        profile = letterhead().profile
        firm = profile.name_in(statement.language) or _("the seller")
        context = {
            "statement": statement,
            "customer": statement.customer,
            "firm": firm,
            "by": sent.dispatch.by,
            "url": sent.url,
            "until": timezone.localdate(sent.dispatch.expires_at),
            "demand": demand_in_words(statement.account, statement.demand_by),
        }
        subject = _("Statement of account %(reference)s of %(firm)s") % {"reference": statement, "firm": firm}
        text = render_to_string("reconciliation/statements/mail.txt", context)
        html = render_to_string("reconciliation/statements/mail.html", context)
    answers_to = [sent.dispatch.by.email] if sent.dispatch.by and sent.dispatch.by.email else None
    mail = EmailMultiAlternatives(" ".join(subject.split()), text, to=[sent.dispatch.to], reply_to=answers_to)
    mail.attach_alternative(html, "text/html")
    with statement.pdf.open("rb") as file:
        mail.attach(statement.file_name, file.read(), "application/pdf")
    return mail


def revoke(*, by: User, dispatch: Dispatch, now: datetime) -> None:
    """The link opens nothing from now on."""
    if not may_make_for(by, dispatch.statement.customer):
        raise NotPermitted(
            _("You may not send statements of %(customer)s.") % {"customer": dispatch.statement.customer}
        )
    Dispatch.objects.filter(pk=dispatch.pk, revoked_at__isnull=True).update(revoked_at=now, revoked_by=by)
