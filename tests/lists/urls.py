"""The product's addresses, and a list whose rows can be chosen: what is done with them is told by the page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_POST

from config.lists.selection import BulkAction
from config.pages import SignedInRequest, way_back
from config.urls import urlpatterns as product
from ledger.views.entries import EntryList


class ChoosingList(EntryList):
    actions = (
        BulkAction("Tell", "tell", whole_filter=True, primary=True),
        BulkAction("Tell with a word", "tell-word", dialog="word.html", does="Say it"),
    )
    amount = "open_amount"


@require_POST
def tell(request: SignedInRequest, whole_filter: bool = True) -> HttpResponse:
    rows: Any = ChoosingList.chosen(request, whole_filter=whole_filter)
    numbers = " ".join(sorted(rows.values_list("number", flat=True)))
    messages.success(request, f"told: {numbers} {request.POST.get('word', '')}".strip())
    return HttpResponseRedirect(way_back(request, "/choosing/"))


urlpatterns = [
    path("choosing/", ChoosingList.as_view(), name="choosing"),
    path("tell/", tell, name="tell"),
    path("tell-word/", tell, {"whole_filter": False}, name="tell-word"),
    *product,
]
