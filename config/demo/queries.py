"""Whether the demo firm was entered, and what would be in its way."""

from typing import Any

from config.demo.models import DemoFirm
from config.demo.services import DemoRefused, refuse_unless_empty
from config.jobs.models import Job


def entered() -> DemoFirm | None:
    """The demo firm, while its books are those of the ledger."""
    return DemoFirm.objects.first()


def refusal_to_enter() -> str:
    """Why the demo firm cannot be entered from the browser; empty where it can."""
    try:
        refuse_unless_empty(password_is_known=False)
    except DemoRefused as refusal:
        return str(refusal)
    return ""


def password_told_to(user: Any) -> str:
    """The password of the demo's people, for who entered the demo firm from the browser."""
    job = Job.objects.of(user).of_kind("demo").filter(state=Job.State.DONE).order_by("-created_at").first()
    return str(job.result.get("password", "")) if job else ""
