"""Acting on the desk's blocks as a browser does."""

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, User
from flags.models import Flag
from flags.queries.blocks import Block, Blocks
from flags.queries.desk import flags_for_desk

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def blocks(user: User, **narrowed: Any) -> list[Block]:
    return Blocks(flags_for_desk(user, on=timezone.localdate(), **narrowed))[:100]


def in_a_week() -> date:
    return timezone.localdate() + timedelta(days=7)


def act_on(client: Client, act: str, customer: Customer, **said: Any) -> Any:
    newest = Flag.objects.order_by("-pk").values_list("pk", flat=True)[0]
    data = {"newest": newest, "until": in_a_week().isoformat(), **said}
    return client.post(reverse(f"flags:{act}", args=[customer.pk]), data, headers=HTMX)
