"""The keys of encrypted fields: a JSON file of mode 600 that lives apart from the database and is never logged.

Each key is a pair: one part seals, the other makes the index that a sealed value is found by. The newest pair writes;
older pairs stay on the ring until no value is left under them.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhenke.basics.errors import ZhenkeError

_FORMAT, _FORMAT_OF_PAIRS = 1, 2  # files of the first form have one index key for every sealing key
_KEY_BYTES = 32
_OPEN_TO_OTHERS = stat.S_IRWXO | stat.S_IWGRP


class KeyringMissing(ZhenkeError):
    """There is no key file: without it nothing protected can be read, and nothing may be written."""

    code = "keyring_missing"
    message = (
        "The key file {path} does not exist. "
        "Put back the copy you keep apart from the backups, or run `zhenke init` for a new shop."
    )


class KeyringUnreadable(ZhenkeError):
    """The key file is there and cannot be used."""

    code = "keyring_unreadable"
    message = "The key file {path} cannot be used: {reason}."


class KeyringExists(ZhenkeError):
    """A key file would be overwritten, and with it every protected value lost."""

    code = "keyring_exists"
    message = "There is a key file at {path} already; it is never overwritten, because the protected values need it."


@dataclass(frozen=True, repr=False)
class Keyring:
    """Sealing keys and masters of the index keys by their id, and the id that writes now. Its repr names ids only."""

    newest: str
    sealing_keys: Mapping[str, bytes]
    index_masters: Mapping[str, bytes]

    @property
    def index_master(self) -> bytes:
        """The master of the index keys that writes now."""
        return self.index_masters[self.newest]

    def __repr__(self) -> str:
        return f"Keyring(newest={self.newest!r}, ids={sorted(self.sealing_keys)})"

    def with_new_key(self) -> Keyring:
        """Return a ring with one more pair, which becomes the newest; old values stay readable and are still found."""
        key_id = _next_id(self.sealing_keys)
        keys = {**self.sealing_keys, key_id: secrets.token_bytes(_KEY_BYTES)}
        masters = {**self.index_masters, key_id: secrets.token_bytes(_KEY_BYTES)}
        return Keyring(newest=key_id, sealing_keys=keys, index_masters=masters)

    def without_key(self, key_id: str) -> Keyring:
        """Return a ring without an old key, once no row is sealed with it any more.

        Errors: ValueError if `key_id` is the newest key; KeyError if it is unknown.
        """
        if key_id == self.newest:
            raise ValueError("the newest key writes and cannot be taken off the ring")
        keys, masters = dict(self.sealing_keys), dict(self.index_masters)
        del keys[key_id], masters[key_id]
        return Keyring(newest=self.newest, sealing_keys=keys, index_masters=masters)


def new_keyring() -> Keyring:
    """Return a ring of one fresh sealing key and a fresh index master, written nowhere."""
    return Keyring("k1", {"k1": secrets.token_bytes(_KEY_BYTES)}, {"k1": secrets.token_bytes(_KEY_BYTES)})


def make_keyring(path: Path) -> Keyring:
    """Make a fresh ring, write it to `path` with mode 600 and return it.

    Errors: KeyringExists if there is a file already, whatever is in it.
    """
    keyring = new_keyring()
    try:
        _write(Path(path), keyring)
    except FileExistsError as fault:
        raise KeyringExists(path=str(path)) from fault
    return keyring


def save_keyring(path: Path, keyring: Keyring) -> None:
    """Replace the file at `path` by `keyring` in one step, so that a crash leaves the old ring or the new one."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(beside, keyring)
    beside.replace(path)
    _sync_folder(path.parent)


def load_keyring(path: Path) -> Keyring:
    """Return the ring kept at `path`.

    Errors: KeyringMissing; KeyringUnreadable if it is damaged or open to other accounts of the machine.
    """
    path = Path(path)
    try:
        text = path.read_text()
        mode = path.stat().st_mode
    except FileNotFoundError as fault:
        raise KeyringMissing(path=str(path)) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise KeyringUnreadable(path=str(path), reason=type(fault).__name__) from None
    if mode & _OPEN_TO_OTHERS:
        reason = f"other accounts may read or change it; set its mode to 600 (chmod 600 {path})"
        raise KeyringUnreadable(path=str(path), reason=reason)
    try:
        return _from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        # The cause is dropped on purpose: its message could quote the file, and with it a key.
        raise KeyringUnreadable(path=str(path), reason="it is damaged; put back your copy of it") from None


def _from_json(text: str) -> Keyring:
    kept = json.loads(text)
    keys = _keys_of(kept["sealing_keys"])
    if kept["format"] == _FORMAT:
        masters = dict.fromkeys(keys, b64decode(kept["index_master"], validate=True))
    elif kept["format"] == _FORMAT_OF_PAIRS:
        masters = _keys_of(kept["index_masters"])
    else:
        raise ValueError("unknown format")
    lengths = {len(key) for key in (*keys.values(), *masters.values())}
    if kept["newest"] not in keys or keys.keys() != masters.keys() or lengths != {_KEY_BYTES}:
        raise ValueError("keys of the wrong length, half a pair, or no newest key")
    return Keyring(newest=kept["newest"], sealing_keys=keys, index_masters=masters)


def _keys_of(kept: Mapping[str, str]) -> dict[str, bytes]:
    return {key_id: b64decode(key, validate=True) for key_id, key in kept.items()}


def _write(path: Path, keyring: Keyring) -> None:
    kept: dict[str, Any] = {
        "format": _FORMAT,
        "newest": keyring.newest,
        "sealing_keys": {key_id: b64encode(key).decode() for key_id, key in keyring.sealing_keys.items()},
    }
    if len(set(keyring.index_masters.values())) == 1:
        kept["index_master"] = b64encode(keyring.index_master).decode()
    else:
        kept["format"] = _FORMAT_OF_PAIRS
        kept["index_masters"] = {key_id: b64encode(key).decode() for key_id, key in keyring.index_masters.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(kept, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _next_id(keys: Mapping[str, bytes]) -> str:
    numbers = [int(key_id[1:]) for key_id in keys if key_id[1:].isdecimal()]
    return f"k{max(numbers, default=0) + 1}"
