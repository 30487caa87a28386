"""Secrets that stand in an address are not written to a log: the token of a statement's link."""

import logging
import re

# `/s/open/TOKEN/`, however it came into the message.
_TOKEN = re.compile(r"(/s/open/)[^/\s?#\"']+")


class RedactedRecord(logging.LogRecord):
    """What every logger of a process makes, those of the web server among them."""

    def getMessage(self) -> str:  # noqa: N802 -- as the standard library calls it
        return _TOKEN.sub(r"\1…", super().getMessage())
