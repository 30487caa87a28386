"""The manual: open to everybody, also at the door, for it tells nothing of the firm."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from config.manual import pages


@login_not_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, pages.INDEX)


@login_not_required
@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, name)


@login_not_required
@require_GET
@cache_control(public=True, max_age=86_400)
def picture(request: HttpRequest, language: str, name: str) -> HttpResponseBase:
    path = pages.picture(language, name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type=f"image/{path.suffix[1:]}")


def _page(request: HttpRequest, name: str) -> HttpResponse:
    language = get_language() or "en"
    shown = pages.page(name, language)
    if shown is None:
        raise Http404
    others = [(other, found.title) for other in pages.PAGES if (found := pages.page(other, language))]
    return render(request, "manual/page.html", {"name": name, "shown": shown, "others": others})
