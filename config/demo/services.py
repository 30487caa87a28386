"""Builds the demo firm: its people, its customers, and two and a half years of books."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo import staff
from config.demo.acts import Act, Invoiced
from config.demo.banking import keep_bank
from config.demo.clerk import Clerk
from config.demo.closing import close_the_past
from config.demo.comparing import give_lists
from config.demo.confirming import confirm_the_past
from config.demo.files import keep_files
from config.demo.firm import Firm, found_firm
from config.demo.matching import match_the_past
from config.demo.models import DemoFirm
from config.demo.profiles import Profile
from config.demo.reconciling import hold_round
from config.demo.rejecting import tell_rejections
from config.demo.stating import state_accounts
from config.demo.watching import sweep_past_nights, take_in_hand
from config.words import listed
from customers.models import Contact, Customer, Team, User
from flags.models import Flag
from ledger.models import Entry, Posting

# So many acts are planned and posted together; the customers of one lot are independent of the next.
_LOT = 30_000


class DemoRefused(Exception):
    """The demo firm would stand among somebody's own data; the text says what is in the way."""


@dataclass(frozen=True, slots=True)
class Story:
    """A customer that stands for something; `what` says it in the user's language."""

    key: str
    customer: Customer
    what: str


@dataclass(frozen=True, slots=True)
class Outcome:
    customers: int
    invoices: int
    entries: int
    open_flags: int
    stories: list[Story]


def refuse_unless_empty(*, password_is_known: bool = True) -> None:
    """Raises DemoRefused where the database holds what a demo must not mix with.

    Where the password of the demo's people is one that everybody knows, in production nobody else may be there.
    """
    if Entry.objects.exists():
        raise DemoRefused(_("The ledger has entries already; the demo firm needs a ledger of its own."))
    if not password_is_known and Customer.objects.exists():
        raise DemoRefused(_("The ledger has customers already; the demo firm needs a ledger of its own."))
    if settings.DEBUG or not password_is_known:
        taken = User.objects.filter(username__in=staff.USERNAMES).values_list("username", flat=True)
        in_the_way = [*taken, *Customer.objects.filter(code__startswith="KH").values_list("code", flat=True)[:5]]
        if in_the_way:
            raise DemoRefused(_("The demo needs these names itself: %(names)s.") % {"names": listed(in_the_way)})
    elif User.objects.exists() or Customer.objects.exists():
        raise DemoRefused(
            _("The database has users or customers; with its well-known password the demo needs an empty one.")
        )


@transaction.atomic
def build_demo(
    *,
    now: datetime,
    seed: int = 1,
    customers: int = 60,
    invoices: int = 1200,
    password: str = staff.PASSWORD,
    told: Callable[[int, int, str], None] = lambda done, total, label: None,
) -> Outcome:
    """All or nothing; the same for a seed and a day. `told` hears how far it is. Raises DemoRefused."""
    refuse_unless_empty(password_is_known=password == staff.PASSWORD)
    if customers < 1 or invoices < 1:
        raise DemoRefused(_("The demo needs at least one customer and one invoice."))
    firm = found_firm(seed=seed, today=timezone.localdate(now), customers=customers, invoices=invoices)
    people = _hire(password)
    known = _register(firm, people)
    clerk = Clerk(now=now, rng=firm.rng, staff=people)
    invoiced = kept = 0
    for lot in _lots(firm.pasts()):
        clerk.keep([(profile, known[profile.code], acts) for profile, acts in lot])
        kept += len(lot)
        told(kept, len(known), _("Keeping the books of the demo firm"))
        invoiced += sum(isinstance(act, Invoiced) for _profile, acts in lot for act in acts)
    confirm_the_past(people, now=now, seed=seed)
    keep_bank(people, now=now, seed=seed)
    match_the_past(people, now=now, seed=seed)
    told_of = {known[one.code].pk for one in firm.profiles if one.story}
    close_the_past(people, now=now, seed=seed, told=told_of)
    stories = [
        Story(one.story, known[one.code], str(firm.roles[one.story].what)) for one in firm.profiles if one.story
    ]
    tell_rejections()
    sweep_past_nights(firm.today, told)
    take_in_hand({story.key: story.customer for story in stories}, people)
    keep_files(people)
    give_lists(people, now=now, seed=seed)
    state_accounts(people, now=now, seed=seed)
    hold_round(people, today=firm.today)
    last = Posting.objects.latest("pk").pk
    DemoFirm.objects.create(entered_at=now, last_posting=last)
    return Outcome(len(known), invoiced, Entry.objects.count(), Flag.objects.open().count(), stories)


def sign_ins_work() -> bool:
    """Whether the ledger is a demo firm's whose people still have the known password."""
    first = User.objects.filter(username=staff.PEOPLE[0].username).first()
    return first is not None and first.check_password(staff.PASSWORD)


def _hire(password: str) -> dict[str, User]:
    """The people by username."""
    teams = {team.name: team for team in Team.objects.bulk_create([Team(name=name) for name in staff.TEAMS])}
    hashed = make_password(password)
    people = [
        User(
            username=person.username,
            last_name=person.last_name,
            first_name=person.first_name,
            email=f"{person.username}@example.com",
            role=person.role,
            team=teams.get(person.team or ""),
            password=hashed,
        )
        for person in staff.PEOPLE
    ]
    return {user.username: user for user in User.objects.bulk_create(people)}


def _register(firm: Firm, people: dict[str, User]) -> dict[str, Customer]:
    """The customers by code, parents before their branches."""
    known: dict[str, Customer] = {}
    for generation in ([p for p in firm.profiles if p.parent is None], [p for p in firm.profiles if p.parent]):
        rows = [_customer(profile, people, known) for profile in generation]
        known |= {customer.code: customer for customer in Customer.objects.bulk_create(rows)}
    Contact.objects.bulk_create(
        Contact(customer=known[profile.code], name=one.name, phone=one.phone, email=one.email)
        for profile in firm.profiles
        for one in profile.contacts
    )
    return known


def _customer(profile: Profile, people: dict[str, User], known: dict[str, Customer]) -> Customer:
    return Customer(
        code=profile.code,
        name=profile.company.name,
        owner=people[profile.owner] if profile.owner else None,
        parent=known[profile.parent.code] if profile.parent else None,
        region=profile.company.region,
        currency=profile.currency,
        terms_kind=profile.terms.kind,
        terms_days=profile.terms.days,
        credit_limit=profile.credit_limit,
        key_account=profile.key_account,
        tax_id=profile.company.tax_id,
    )


def _lots(pasts: Iterable[tuple[Profile, list[Act]]]) -> Iterator[list[tuple[Profile, list[Act]]]]:
    lot: list[tuple[Profile, list[Act]]] = []
    for past in pasts:
        lot.append(past)
        if sum(len(acts) for _profile, acts in lot) >= _LOT:
            yield lot
            lot = []
    if lot:
        yield lot
