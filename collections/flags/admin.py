from django.contrib import admin

from config.admin import ReadOnly, site
from flags.models import Digest, Flag


@admin.register(Flag, site=site)
class FlagAdmin(ReadOnly, admin.ModelAdmin[Flag]):
    list_display = ("kind", "customer", "entry", "severity", "amount_at_stake", "raised_on", "cleared_on")
    list_filter = ("kind", "severity")
    list_select_related = ("customer", "entry")
    show_full_result_count = False


@admin.register(Digest, site=site)
class DigestAdmin(ReadOnly, admin.ModelAdmin[Digest]):
    list_display = ("day", "user", "claimed_at", "sent_at")
    list_select_related = ("user",)
