"""Encryption at rest and keyed hashes: the two ways in which what people wrote and who they are is kept.

A sealed value is `version (1 byte) | key id (4) | nonce (12) | AES-256-GCM ciphertext with its tag`. What the value belongs to (table, guild,
row) is authenticated with it, so that a sealed value moved to another row or another guild does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERSION = b"\x01"
_HEAD = 17


class Unreadable(ValueError):
    """A sealed value does not open: its key is not among the keys given, or it was changed or moved."""


class Keyring:
    """The keys of this installation, the encrypting one first; all of them decrypt."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Derive one AES key from each of `keys` (any text of at least 16 characters)."""
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._ciphers: dict[bytes, AESGCM] = {}
        derived = [HKDF(SHA256(), 32, None, b"spotter seal v1").derive(key.encode()) for key in keys]
        for key in derived:
            self._ciphers[hashlib.sha256(key).digest()[:4]] = AESGCM(key)
        self._first = next(iter(self._ciphers))

    def seal(self, text: str | bytes, place: str) -> bytes:
        """Encrypt `text` for `place` ("table:guild:row")."""
        nonce = os.urandom(12)
        plain = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        return (
            _VERSION + self._first + nonce + self._ciphers[self._first].encrypt(nonce, plain, place.encode())
        )

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what `seal` made for the same `place`. Raises `Unreadable`."""
        cipher = self._ciphers.get(bytes(sealed[1:5]))
        if sealed[:1] != _VERSION or cipher is None:
            raise Unreadable("sealed with a key that is not among SPOTTER_SECRET_KEY")
        try:
            return cipher.decrypt(sealed[5:_HEAD], sealed[_HEAD:], place.encode())
        except InvalidTag as error:
            raise Unreadable(f"a sealed value of {place.split(':', 1)[0]} was changed or moved") from error

    def current(self, sealed: bytes) -> bool:
        """Whether `sealed` is under the encrypting key already."""
        return bytes(sealed[1:5]) == self._first


class Pepper:
    """Keyed hashes of people and conversations, and the keyed links of the audit chain.

    Its key lives in the database, sealed, so that a rotation of the secret key does not change who is who.
    """

    def __init__(self, key: bytes) -> None:
        """Use `key` (32 random bytes)."""
        self._key = key

    def person(self, person: str) -> str:
        """The keyed hash under which a person is kept (32 hexadecimal digits)."""
        return self.digest(b"person", person.encode())[:32]

    def conversation(self, conversation: str) -> str:
        """The keyed hash under which a conversation is kept."""
        return self.digest(b"conversation", conversation.encode())[:32]

    def digest(self, *parts: bytes) -> str:
        """HMAC-SHA256 over `parts`, each preceded by its length, in hexadecimal."""
        code = hmac.new(self._key, digestmod="sha256")
        for part in parts:
            code.update(len(part).to_bytes(4, "big") + part)
        return code.hexdigest()
