"""Movements between two days, as a page shows them."""

from django import template

from aging.tables_side_by_side import moved, moved_percent

register = template.Library()
register.filter("moved", moved)
register.filter("moved_percent", moved_percent)
