"""What waits on the desks of the demo firm's salespeople."""

import pytest

from customers.models import Role, User
from flags.models import SWEPT_KINDS, Flag, FlagKind, FlagNote
from ledger.models import Attachment, Kind
from tests.demo.conftest import NOW, Demo

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def test_every_salesperson_has_something_to_do(demo: Demo) -> None:
    for salesperson in User.objects.filter(role=Role.SALESPERSON):
        assert Flag.objects.open().visible_to(salesperson).exists()


def test_every_kind_of_flag_is_open_and_was_raised_over_time(demo: Demo) -> None:
    flags = Flag.objects.open()
    assert {flag.kind for flag in flags} >= {*SWEPT_KINDS, FlagKind.REJECTED}
    assert flags.count() == demo.outcome.open_flags
    assert flags.filter(raised_on__lt=TODAY).exists()
    assert Flag.objects.filter(cleared_on__lt=TODAY).exists()


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        ("vanished", FlagKind.OVERDUE),
        ("never sent", FlagKind.NOT_SENT),
        ("bounced mail", FlagKind.NOT_SENT),
        ("not received", FlagKind.NOT_RECEIVED),
        ("not booked", FlagKind.NOT_BOOKED),
        ("not invoiced", FlagKind.NOT_INVOICED),
    ],
)
def test_a_story_is_flagged_for_what_it_tells(demo: Demo, story: str, kind: str) -> None:
    assert Flag.objects.open().filter(customer=demo.customers[story], kind=kind).exists()


def test_some_are_in_hand_and_say_what_is_being_done(demo: Demo) -> None:
    assert FlagNote.objects.filter(flag__customer=demo.customers["vanished"], flag__acknowledged_at__isnull=False)
    assert Flag.objects.open().filter(acknowledged_at__isnull=True).exists()


def test_papers_of_every_sort_are_at_hand(demo: Demo) -> None:
    files = Attachment.objects.all()
    assert {file.kind for file in files} >= {"delivery", "invoice", "contract"}
    assert {file.content_type for file in files} == {"image/png", "application/pdf"}
    assert sum(file.size for file in files) < 200_000, "a demo weighs next to nothing"
    lina = User.objects.get(username="lina")
    assert files.visible_to(lina).filter(kind="delivery", entry__kind=Kind.SHIPMENT).exists()
