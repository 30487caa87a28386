from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.admin import Editable, site
from customers.models import Contact, Customer, Team, User


@admin.register(User, site=site)
class PersonAdmin(Editable, UserAdmin[User]):
    list_display = ("username", "last_name", "first_name", "role", "team", "is_active")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email", "language")}),
        (_("Work"), {"fields": ("role", "team", "is_active")}),
        (_("Times"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Work"), {"fields": ("role", "team")}),
    )
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")


@admin.register(Team, site=site)
class TeamAdmin(Editable, admin.ModelAdmin[Team]):
    pass


class ContactInline(Editable, admin.TabularInline[Contact, Customer]):
    model = Contact
    extra = 0


@admin.register(Customer, site=site)
class CustomerAdmin(Editable, admin.ModelAdmin[Customer]):
    list_display = ("code", "name", "owner", "region", "currency", "key_account")
    list_filter = ("key_account", "currency", "owner")
    list_select_related = ("owner",)
    search_fields = ("code", "name", "tax_id")
    autocomplete_fields = ("parent", "owner")
    inlines = (ContactInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> tuple[str, ...]:
        """The currency of an account is changed on the customer's own page, which knows when it must not."""
        return ("currency",) if obj is not None else ()
