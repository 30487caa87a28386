"""How often an address, and a link, may knock: counted in the cache, so that all web processes count together."""

import hashlib
import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 600
# Wrong tokens of one address; all requests of one address; all of one link. A whole firm may share an address.
WRONG, OF_ADDRESS, OF_LINK = 20, 300, 120


def is_over(kind: str, whom: str, most: int) -> bool:
    """Counts one more of `kind` by `whom`, and says whether that is too many within the window.

    Without a cache nothing is counted: a token of 256 bits needs no counting to be safe, and the customer comes in.
    """
    if not whom:  # behind a socket of the same machine nobody has an address
        return False
    key = _key(kind, whom)
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return cache.incr(key) > most
    except (RedisError, ValueError) as away:
        logger.warning("Requests to the link of a statement are not counted: %s", away)
        return False


def _key(kind: str, whom: str) -> str:
    return f"statements:{kind}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"
