"""What a customer has typed and chosen and not sent yet: taken away once it is sent, and by the night."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reconciliation.statements.models.answers import Answer
from reconciliation.statements.models.dispatches import Dispatch

FOLDER = "statements/drafts"


class Draft(models.Model):
    """Of one link, in one browser, one for each verdict: another browser with the same link does not see it."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="drafts")
    # The random name that a cookie of the page gives the browser.
    browser = models.CharField(max_length=43)
    verdict = models.CharField(max_length=8, choices=Answer.Verdict.choices)
    # The fields of the form by name, each with all of its values.
    typed = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "browser", "verdict"], name="draft_once_in_a_browser")
        ]

    def __str__(self) -> str:
        return f"{self.dispatch} {self.verdict}"


def upload_to(file: "DraftFile", _name: str) -> str:
    return f"{FOLDER}/{uuid.uuid4().hex}{file.suffix}"


class DraftFile(models.Model):
    """A file that was chosen for an answer that was not taken yet."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    suffix = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=upload_to, max_length=200)

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "sha256"], name="draft_file_once")]

    def __str__(self) -> str:
        return self.name
