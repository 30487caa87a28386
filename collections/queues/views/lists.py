"""A queue is a list that keeps up with what colleagues do."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from config import live
from config.lists.selection import Chosen
from config.pages import ListPage, SignedInRequest
from ledger.models import Entry
from ledger.queries.news import ledger_news, ledger_version
from queues.queries.waiting import entries_named


class QueuePage(ListPage):
    """The rows are a live region: asked for anew while the page is seen, never while something is chosen in it."""

    template_name = "queues/list.html"
    said = ""
    version = ""

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Read before the rows, so that what is recorded in between comes with the next question.
        self.version = str(ledger_version())
        if live.is_asking(request):
            news = ledger_news(request.user, live.asked(request))
            if not news.is_any:
                return live.nothing_new(request, str(news.version))
            self.version, self.said = str(news.version), live.changes_in_words(news.by)
            self.template_name = "queues/_news.html"
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"live": live.region(self.request, self.version, said=self.said)}

    @classmethod
    def chosen(cls, request: SignedInRequest, *, whole_filter: bool = False) -> QuerySet[Any]:
        """The rows that were chosen, also those that a colleague has dealt with since: they are told, not lost."""
        posted = Chosen.read(request.POST, whole_filter=whole_filter)
        if posted.filter is not None:
            return super().chosen(request, whole_filter=True)
        return entries_named(request.user, posted.keys_of(Entry))
