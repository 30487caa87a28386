"""How often a law is tried."""

from django.conf import settings

# The second engine is asked for its SQL, which few examples reach as well as many; the laws are Python's.
SECOND = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def examples(count: int) -> int:
    return -(-count // 3) if SECOND else count
