"""Who buys, who answers for them, and who may see whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from babel.numbers import get_currency_precision, list_currencies
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.pinyin import Spelling, as_typed, spelling
from customers.terms import Terms, TermsKind

# What a customer's account is in, unless told otherwise; reports begin with it.
HOME_CURRENCY = "CNY"


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

    @property
    def oversees(self) -> bool:
        """Finance and managers: set the terms of customers, put right what others have done."""
        return self.is_active and self.role in (Role.FINANCE, Role.MANAGER, Role.ADMINISTRATOR)


# Codes of ISO 4217 that nobody pays with: metals, units of account, funds, the code for tests and that for none.
NO_MONEY = {
    *("XAG", "XAU", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD", "XDR", "XEU", "XFO", "XFU", "XRE", "XSU", "XUA"),
    *("BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "USS", "UYI", "UYW", "XTS", "XXX"),
}


def home_first(currency: str) -> tuple[bool, str]:
    """What currencies are sorted by."""
    return currency != HOME_CURRENCY, currency


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
        """Customers who have each of the words in the code, the name, its pinyin or the initials of that, in the tax
        number, or in the name or phone number of a contact.
        """
        found = self
        for word in words.split():
            people = Contact.objects.filter(Q(name__icontains=word) | Q(phone__icontains=word))
            matches = Q(code__icontains=word) | Q(name__icontains=word) | Q(tax_id__icontains=word)
            if typed := as_typed(word):
                # These texts are in small letters; pinyin is matched from the beginning of a syllable.
                matches |= Q(initials__contains=typed) | Q(pinyin__contains=f" {typed}")
            found = found.filter(matches | Q(pk__in=people.values("customer")))
        return found

    def best_first(self, words: str) -> "CustomerQuerySet":
        """What was found by `search`, in the order in which somebody who types expects it: the very code, then what
        begins with the first word, then the rest.
        """
        word = (words.split() or [""])[0]
        begins = Q(code__istartswith=word) | Q(name__istartswith=word)
        if typed := as_typed(word):
            begins |= Q(initials__contains=f" {typed}") | Q(pinyin__startswith=f" {typed}")
        rank = Case(
            When(code__iexact=word, then=Value(0)),
            When(begins, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return self.order_by(rank, "code")

    def update(self, **changes: Any) -> int:
        """The spelling of a name follows it here too."""
        name = changes.get("name")
        if isinstance(name, str):
            changes |= spelling(name)._asdict()
        elif name is not None:
            raise TypeError("Save the customers one by one: their names are spelled in Python.")
        return super().update(**changes)


class SpellingField(models.TextField):  # type: ignore[type-arg]
    """A text of `customers.pinyin.spelling` that follows the name of its row whenever that is stored, one or many."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text: str = getattr(spelling(getattr(model_instance, "name")), self.attname)  # noqa: B009
        setattr(model_instance, self.attname, text)
        return text

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


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
    # How the name is typed with Latin letters; both follow from it.
    initials = SpellingField(editable=False, blank=True)
    pinyin = SpellingField(editable=False, blank=True)
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
    currency = models.CharField(_("currency"), max_length=3, default=HOME_CURRENCY, validators=[check_currency])
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

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, *Spelling._fields}
        super().save(*args, update_fields=update_fields, **kwargs)

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
