"""Doors to the people: the language of the pages, who a customer is and whom to call there.

What a customer owes is a floor higher, in the ledger.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.pages import SignedInRequest
from customers import services
from customers.forms import ContactRows, CustomerForm
from customers.models import Customer, User
from customers.queries import namesakes

MOST_OPTIONS = 12
LONGEST_SEARCH = 100


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language, for the visitor by a cookie and for a user for good."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            services.choose_language(user=request.user, language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86_400, samesite="Lax", secure=settings.HTTPS
        )
    return response


@require_GET
def options(request: SignedInRequest) -> HttpResponse:
    """Customers to choose from while typing: those that the user may post for."""
    words = request.GET.get("customer_search", "").replace("\x00", "")[:LONGEST_SEARCH]
    found = Customer.objects.writable_by(request.user).search(words).best_first(words)
    shown = found.select_related("owner")[:MOST_OPTIONS]
    return render(request, "customers/_options.html", {"customers": shown})


def create(request: SignedInRequest) -> HttpResponse:
    owner = request.user if not request.user.keeps_books else None
    return _edit(request, Customer(owner=owner), _("New customer"))


def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user).select_related("parent"), pk=pk)
    return _edit(request, customer, str(customer))


def _edit(request: SignedInRequest, customer: Customer, title: str) -> HttpResponse:
    if not services.may_change_customers(request.user):
        raise PermissionDenied
    form = CustomerForm(request.POST or None, instance=customer, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_customer(by=request.user, customer=form.instance, changed=form.changed_fields)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            for other in namesakes(form.instance, request.user):
                messages.warning(
                    request,
                    _("%(other)s differs from this customer's code by leading zeros alone.") % {"other": other},
                )
            messages.success(request, _("%(customer)s was saved.") % {"customer": form.instance})
            return redirect("customers:detail", pk=form.instance.pk)
    # The heading keeps the stored name while another one is being typed.
    return render(request, "customers/form.html", {"form": form, "title": title, "customer": customer})


def contacts(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.user.may_post:
        raise PermissionDenied
    rows: Any = ContactRows(request.POST or None, instance=customer)
    if request.method == "POST" and rows.is_valid():
        changed = rows.save(commit=False)
        services.save_contacts(customer=customer, contacts=changed, removed=rows.deleted_objects)
        messages.success(request, _("The contacts were saved."))
        return HttpResponseRedirect(reverse("customers:detail", args=[customer.pk]))
    return render(request, "customers/contacts.html", {"rows": rows, "customer": customer})
