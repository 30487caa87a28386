"""What the night keeps for the expected cash."""

from celery import shared_task
from django.utils import timezone

from trends import keeping


@shared_task
def keep() -> None:
    keeping.keep(today=timezone.localdate())
