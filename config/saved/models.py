"""What a person keeps of the way of looking at lists: columns, named views, and workbooks that come by mail."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# A worker that was killed while it sent has lost its claim after so long, and another goes on.
LEASE = timedelta(minutes=20)


class ColumnChoice(models.Model):
    """The columns that a person wants of a list whose address names none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The name of the list's address.
    page = models.CharField(max_length=80)
    columns = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="column_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.page}"


class ViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: Any) -> "ViewQuerySet":
        """Those that the person has made, and may change."""
        return self.filter(user=user)

    def listed_for(self, user: Any) -> "ViewQuerySet":
        """The person's own and those that others share. A view shows each person what that person may see."""
        return self.filter(Q(user=user) | Q(shared=True, user__is_active=True))


class SavedView(models.Model):
    """A list or a report as it is looked at: its address, under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("made by"), related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=80)
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(_("shared with everyone"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


class StartPage(models.Model):
    """The view with which a person begins instead of the desk."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("start page")
        verbose_name_plural = _("start pages")

    def __str__(self) -> str:
        return f"{self.user_id} {self.view_id}"


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self, now: datetime) -> "ScheduleQuerySet":
        """Those whose hour has come and that nobody is sending."""
        return self.filter(Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - LEASE), next_run__lte=now)

    def received_by(self, user: Any) -> "ScheduleQuerySet":
        """What others send to the person."""
        return self.filter(recipients=user).exclude(view__user=user)


class Schedule(models.Model):
    """When a view is sent as a workbook, and to whom. Due from `next_run` on until all mails are out."""

    class Every(models.TextChoices):
        DAY = "day", _("every day")
        WORKDAY = "workday", _("Monday to Friday")
        WEEK = "week", _("every week")
        MONTH = "month", _("every month")

    view = models.OneToOneField(SavedView, models.CASCADE, related_name="schedule")
    every = models.CharField(_("how often"), max_length=10, choices=Every.choices, default=Every.WEEK)
    # Monday is 0.
    weekday = models.PositiveSmallIntegerField(_("on"), default=0)
    # 31 is the last day of any month.
    day = models.PositiveSmallIntegerField(_("day of the month"), default=1)
    hour = models.PositiveSmallIntegerField(_("at"), default=8)
    recipients: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("recipients"), related_name="schedules"
    )
    next_run = models.DateTimeField(_("next on"))
    claimed_at = models.DateTimeField(null=True)
    # How often this run was tried; a mail server that is away is tried again.
    tries = models.PositiveSmallIntegerField(default=0)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        indexes = [models.Index(fields=["next_run"], name="schedule_next_run")]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="schedule_weekday_range"),
            models.CheckConstraint(condition=Q(day__range=(1, 31)), name="schedule_day_range"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="schedule_hour_range"),
        ]

    def __str__(self) -> str:
        return f"{self.view_id} {self.every}"


class Delivery(models.Model):
    """One mail of one run: sent, or why not. Written after the mail went out, so that none is lost."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("recipient"))
    run = models.DateTimeField()
    at = models.DateTimeField(auto_now=True)
    sent = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-run", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "user", "run"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(sent=True, error="") | Q(sent=False) & ~Q(error=""), name="delivery_sent_or_said_why_not"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.user_id} {self.run}"
