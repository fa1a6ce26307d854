"""The key to an API: from the environment or the keyring, and never to be seen again."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import re

from reporter.errors import Refusal

HIDDEN = "[key]"
KEY_FORM = re.compile(r"[!#-&(-\[\]-~]{8,}")  # printable ASCII without blanks, quotes and backslashes
SERVICE = "entropy-reporter"  # under which a keyring holds keys


class EndpointError(Refusal):
    """A provider cannot be asked: no such provider, no key, or an address that would give the key away."""


class Key:
    """A secret that is not seen by accident: it has no printed form, and can be taken out of a text."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str = "") -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return HIDDEN

    def __bool__(self) -> bool:
        return bool(self._secret)

    def __reduce__(self) -> tuple[type[Key], tuple[()]]:
        return Key, ()

    def reveal(self) -> str:
        """Hand the secret to the client that sends it."""
        return self._secret

    def hide(self, text: str) -> str:
        """Replace the secret in a text that someone else wrote."""
        return text.replace(self._secret, HIDDEN) if self._secret else text


def find_key(name: str, *, needed: bool) -> Key:
    """Look for a key in the environment, then in the keyring.

    Raises
    ------
    EndpointError
        There is none and one is needed, or what is there cannot be one.
    """
    secret = os.environ.get(name, "").strip() or _from_keyring(name)
    if not secret and needed:
        raise EndpointError(
            "There is no key.",
            remedy=f"Set {name}, or store it: keyring set {SERVICE} {name}.",
        )
    if secret and not KEY_FORM.fullmatch(secret):
        raise EndpointError(
            f"What {name} holds is no key.",
            remedy="A key has eight or more printable characters, no blanks and no quotes.",
        )
    return Key(secret)


def _from_keyring(name: str) -> str:
    """Look into the keyring, if there is one."""
    if importlib.util.find_spec("keyring") is None:
        return ""
    keyring = importlib.import_module("keyring")
    try:
        return str(keyring.get_password(SERVICE, name) or "")
    except keyring.errors.KeyringError:
        return ""


class Hiding(logging.Filter):
    """Takes the key out of what a client's libraries log: some log what a server sends back."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record, and let it pass."""
        record.msg, record.args = self.key.hide(record.getMessage()), ()
        record.exc_info = None
        return True
