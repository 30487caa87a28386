"""Several things within one sentence, and a thing with what is said of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(things: Iterable[object]) -> str:
    """As the language lists them: “a, b” in English, “a、b” in Chinese."""
    return _(", ").join(map(str, things))


def clauses(things: Iterable[object]) -> str:
    """The same of things that have commas of their own: “1,000.00 of one; 2,000.00 of another”."""
    return _("; ").join(map(str, things))


def said_of(thing: object, said: object) -> str:
    """“Invoice 17: sent”."""
    return _("%(thing)s: %(said)s") % {"thing": thing, "said": said}
