"""Who buys, who answers for them, and who may see whom."""

from datetime import date
from typing import Any, ClassVar

from babel.numbers import get_currency_precision, list_currencies
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.terms import Terms, TermsKind


class Role(models.TextChoices):
    SALESPERSON = "salesperson", _("Salesperson")
    FINANCE = "finance", _("Finance")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Team(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class People(UserManager["User"]):
    use_in_migrations = False

    def create_superuser(self, *args: Any, **facts: Any) -> "User":
        """The first person of an installation is an administrator, for the role decides what one may do."""
        return super().create_superuser(*args, **{"role": Role.ADMINISTRATOR, **facts})


class User(AbstractUser):
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.SALESPERSON)
    team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="members"
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("zh-hans", "简体中文"), ("en", "English")]
    )

    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Family name first where it is written in Chinese characters."""
        if self.last_name and not self.last_name.isascii():
            return f"{self.last_name}{self.first_name}"
        return super().get_full_name()

    @property
    def sees_all(self) -> bool:
        return self.role in (Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR)

    @property
    def may_post(self) -> bool:
        """Whether the user may write at all; for whom, `Customer.objects.writable_by` decides."""
        return self.is_active and self.role != Role.AUDITOR

    @property
    def keeps_books(self) -> bool:
        """Finance: imports workbooks, changes thresholds, answers for customers without a salesperson."""
        return self.is_active and self.role in (Role.FINANCE, Role.ADMINISTRATOR)


# Codes of ISO 4217 that nobody pays with: metals, units of account, funds, the code for tests and that for none.
NO_MONEY = {
    *("XAG", "XAU", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD", "XDR", "XEU", "XFO", "XFU", "XRE", "XSU", "XUA"),
    *("BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "USS", "UYI", "UYW", "XTS", "XXX"),
}


def check_currency(code: str) -> None:
    """Raises ValidationError unless `code` is an ISO 4217 currency that two places can hold."""
    if code not in list_currencies() or code in NO_MONEY:
        raise ValidationError(
            gettext("“%(code)s” is not a currency; give an ISO code such as CNY."), params={"code": code}
        )
    if get_currency_precision(code) > 2:
        raise ValidationError(gettext("%(code)s needs three places; the ledger keeps two."), params={"code": code})


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User) -> "CustomerQuerySet":
        """The customers that `user` may see; every page, export and command asks here.

        Who sees a customer is told its parent's code and name as well, whoever answers for the parent.
        """
        if user.sees_all:
            return self.all()
        if user.role == Role.MANAGER and user.team_id is not None:
            return self.filter(Q(owner__team=user.team_id) | Q(owner=user))
        return self.filter(owner=user)

    def writable_by(self, user: User) -> "CustomerQuerySet":
        """The customers whose ledger `user` may post to."""
        return self.visible_to(user) if user.may_post else self.none()

    def search(self, words: str) -> "CustomerQuerySet":
        """Customers whose code, name or tax number contains each of the words."""
        found = self
        for word in words.split():
            found = found.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(tax_id__icontains=word))
        return found


class Customer(models.Model):
    TERMS = {
        TermsKind.NET: _("net days"),
        TermsKind.END_OF_MONTH: _("end of month plus days"),
        TermsKind.DAY_OF_NEXT_MONTH: _("day of the next month"),
    }

    TERMS_IN_WORDS = {
        TermsKind.NET: _("net %(n)d days"),
        TermsKind.END_OF_MONTH: _("end of month plus %(n)d days"),
        TermsKind.DAY_OF_NEXT_MONTH: _("day %(n)d of the next month"),
    }

    code = models.CharField(_("customer code"), max_length=40, unique=True)
    name = models.CharField(_("customer name"), max_length=200)
    owner = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("salesperson"), null=True, blank=True, related_name="customers"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("parent customer"),
        null=True,
        blank=True,
        related_name="branches",
    )
    region = models.CharField(_("region"), max_length=80, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY", validators=[check_currency])
    terms_kind = models.CharField(
        _("terms"), max_length=20, choices=[(k.value, v) for k, v in TERMS.items()], default=TermsKind.NET
    )
    terms_days = models.PositiveSmallIntegerField(_("terms days"), default=30)
    credit_limit = ExactDecimalField(_("credit limit"), null=True, blank=True, validators=[MinValueValidator(0)])
    key_account = models.BooleanField(_("key account"), default=False)
    tax_id = models.CharField(_("unified social credit code"), max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="customer_code_given"),
            models.CheckConstraint(condition=~Q(name=""), name="customer_name_given"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("pk")), name="customer_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(credit_limit__isnull=True) | Q(credit_limit__gte=0),
                name="customer_credit_limit_sign",
            ),
            models.CheckConstraint(condition=Q(terms_days__lte=3650), name="customer_terms_days_range"),
            models.CheckConstraint(
                condition=~Q(terms_kind=TermsKind.DAY_OF_NEXT_MONTH) | Q(terms_days__range=(1, 31)),
                name="customer_terms_day_of_month",
            ),
        ]
        indexes = [models.Index(fields=["region"], name="customer_region")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def terms(self) -> Terms:
        return Terms(TermsKind(self.terms_kind), self.terms_days)

    @property
    def terms_in_words(self) -> str:
        return str(self.TERMS_IN_WORDS[TermsKind(self.terms_kind)]) % {"n": self.terms_days}

    def due_date(self, document_date: date) -> date:
        return self.terms.due_date(document_date)

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        if self.terms_kind == TermsKind.DAY_OF_NEXT_MONTH and not 1 <= self.terms_days <= 31:
            errors["terms_days"] = gettext("A day of the next month lies between 1 and 31.")
        if self.parent_id is not None and self.parent_id == self.pk:
            errors["parent"] = gettext("A customer cannot be its own parent.")
        if errors:
            raise ValidationError(errors)


class Contact(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts", verbose_name=_("customer"))
    name = models.CharField(_("contact"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.email or self.phone
