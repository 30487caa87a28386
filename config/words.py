"""Several things within one sentence, and a thing with what is said of it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(things: Iterable[object]) -> str:
    """As the language lists them: “a, b” in English, “a、b” in Chinese."""
    return _(", ").join(map(str, things))


def said_of(thing: object, said: object) -> str:
    """“Invoice 17: sent”."""
    return _("%(thing)s: %(said)s") % {"thing": thing, "said": said}
