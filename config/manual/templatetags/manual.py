from django import template
from django.urls import reverse

from config.manual.pages import PAGE_OF_ROLE

register = template.Library()


@register.filter
def manual_page(role: str) -> str:
    """The address of the page of the manual that was written for the role."""
    name = PAGE_OF_ROLE.get(role)
    return reverse("manual-page", args=[name]) if name else reverse("manual")
