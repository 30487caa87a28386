"""The secret in the address of a statement: known to who received it, kept here only as its digest."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

# 256 bits: not to be guessed, whatever the number of statements and of tries.
_BYTES = 32
_HANDLE_BYTES = 12


@dataclass(frozen=True, slots=True)
class NewLink:
    token: str
    handle: str

    @property
    def token_hash(self) -> str:
        return digest(self.token)


def new_link() -> NewLink:
    return NewLink(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_HANDLE_BYTES))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_of(token: str, token_hash: str) -> bool:
    return constant_time_compare(digest(token), token_hash)


# What a browser is given for the token: a pass to one dispatch, for a while, and the key of the form on its page.
PASS_SECONDS = 2 * 3600
_KEY = Signer(salt="statements.answer")


def form_key(handle: str) -> str:
    """Stands in the form of the page, and nowhere else: a post without it comes from another site."""
    return _KEY.signature(handle)


def is_form_key(handle: str, key: str) -> bool:
    try:
        return bool(_KEY.unsign(f"{handle}:{key}"))
    except BadSignature:
        return False
