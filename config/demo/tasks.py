"""Entering the demo firm from the browser, while its page shows how far it is."""

import secrets

from django.utils import timezone

from config.demo.services import DemoRefused, build_demo
from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job

# No letters or digits that are mistaken for one another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@job("demo")
def enter_demo(job: Job, progress: Progress) -> Outcome:
    """Fills the empty ledger. The demo's people get a password that only who asked for it is told."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    try:
        build_demo(now=timezone.now(), password=password, told=progress)
    except DemoRefused as refusal:
        raise JobRefused(str(refusal)) from refusal
    return Outcome(result={"password": password})
