from django.contrib import admin

from config.admin import ReadOnly, site
from ledger.models import Allocation, Entry, Posting


@admin.register(Entry, site=site)
class EntryAdmin(ReadOnly, admin.ModelAdmin[Entry]):
    list_display = ("date", "kind", "number", "customer", "document_amount", "amount", "open_amount", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("customer",)
    search_fields = ("number",)
    date_hierarchy = "date"
    show_full_result_count = False


@admin.register(Allocation, site=site)
class AllocationAdmin(ReadOnly, admin.ModelAdmin[Allocation]):
    list_display = ("date", "customer", "from_entry", "to_entry", "amount", "recorded_at")
    list_select_related = ("customer", "from_entry", "to_entry")
    show_full_result_count = False


@admin.register(Posting, site=site)
class PostingAdmin(ReadOnly, admin.ModelAdmin[Posting]):
    list_display = ("recorded_at", "act", "by", "note", "key")
    list_filter = ("act",)
    list_select_related = ("by",)
    show_full_result_count = False
