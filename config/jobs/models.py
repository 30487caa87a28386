"""Work that a person waits for: an import, a large report. The row outlives the page, the worker and the broker."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def _upload_to(job: "Job", filename: str) -> str:
    """A path that says nothing about the file and cannot be guessed."""
    suffix = "." + filename.rpartition(".")[2].lower() if "." in filename else ""
    return f"{job.folder}/{uuid.uuid4().hex}{suffix[:8]}"


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, user: Any) -> "JobQuerySet":
        """A job and its files belong to the person who asked for it."""
        return self.filter(user=user)

    def of_kind(self, *kinds: str) -> "JobQuerySet":
        return self.filter(kind__in=kinds)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))

    def silent_since(self, moment: datetime) -> "JobQuerySet":
        """Unfinished jobs that were neither sent to a worker nor begun by one since then."""
        begun = Q(started_at__isnull=False, started_at__gte=moment)
        return self.unfinished().filter(sent_at__lt=moment).exclude(begun)

    def free(self) -> "JobQuerySet":
        """The jobs that no worker is at, locked until the transaction ends.

        A worker holds its job's row. On SQLite there is one lock for all: who has it is alone.
        """
        return self.select_for_update(skip_locked=True)


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    params = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")
    upload = models.FileField(upload_to=_upload_to, blank=True)
    upload_name = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    file = models.FileField(upload_to=_upload_to, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # When a worker was last told of it, and how many have begun it: a job that kills its workers must end some day.
    sent_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def folder(self) -> str:
        """Where the storage keeps the job's files."""
        return f"jobs/{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def can_be_tried_again(self) -> bool:
        return self.state == self.State.FAILED and not self.result.get("for_good")

    @property
    def mistakes(self) -> int:
        """How many mistakes a job that was done has found in what it was given."""
        return int(self.result.get("mistakes", 0))

    @property
    def tone(self) -> str:
        """Of the badge that says its state."""
        if self.state == self.State.FAILED:
            return "bad"
        return "good" if self.state == self.State.DONE and not self.mistakes else "info"
