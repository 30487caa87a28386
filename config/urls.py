"""The addresses of the whole product; each app lists its own."""

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext as _

from account import urls as account_urls
from config.admin import site
from config.appearance import choose_keys, choose_scheme
from config.design.views import design
from customers import urls as customer_urls
from customers.views import language
from dashboard.views.dashboard import start
from flags.views.desk import desk
from ledger import urls_customers as list_urls
from ledger import urls_search as search_urls
from ledger.views.first_steps import first_steps


class PasswordChange(auth.PasswordChangeView):
    success_url = reverse_lazy("desk")

    def form_valid(self, form: object) -> HttpResponse:
        messages.success(self.request, _("The password was changed."))
        return super().form_valid(form)  # type: ignore[arg-type]


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For a load balancer: this process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


# Pages of customers stand on three floors: who they are, what they owe, and all about one of them.
customer_pages = [*customer_urls.urlpatterns, *list_urls.urlpatterns, *account_urls.urlpatterns]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="home"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password-change"),
    path("language/", language, name="language"),
    path("scheme/", choose_scheme, name="scheme"),
    path("keys/", choose_keys, name="keys"),
    path("healthz/", health, name="health"),
    path("customers/", include((customer_pages, "customers"))),
    path("ledger/", include("ledger.urls")),
    path("imports/", include("ledger.urls_imports")),
    path("search/", include(search_urls)),
    path("help/", include("config.manual.urls")),
    path("desk/", desk, name="desk"),
    path("dashboard/", include("dashboard.urls")),
    path("aging/", include("aging.urls")),
    path("flags/", include("flags.urls")),
    path("queues/", include("queues.urls")),
    path("trends/", include("trends.urls")),
    path("reconciliation/", include("reconciliation.urls")),
    path("s/", include("reconciliation.statements.urls_public")),
    path("robots.txt", robots, name="robots"),
    path("jobs/", include("config.jobs.urls")),
    path("views/", include("config.saved.urls")),
    path("start/", first_steps, name="start"),
    path("demo/", include("config.demo.urls")),
    path("design/", design, name="design"),
    path("admin/", site.urls),
]
