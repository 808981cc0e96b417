"""The key file: made once, mode 600, never printed, never half-believed."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest

from zhenke.basics.cipher import FieldCipher
from zhenke.basics.keyring import (
    Keyring,
    KeyringExists,
    KeyringMissing,
    KeyringUnreadable,
    load_keyring,
    make_keyring,
    new_keyring,
    save_keyring,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.json"


class TestMakeKeyring:
    def test_writes_what_load_reads(self, path: Path) -> None:
        assert make_keyring(path) == load_keyring(path)

    def test_lets_only_the_owner_read(self, path: Path) -> None:
        make_keyring(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize("text", ["", "not ours"])
    def test_never_overwrites_anything(self, path: Path, text: str) -> None:
        path.parent.mkdir()
        path.write_text(text)
        with pytest.raises(KeyringExists):
            make_keyring(path)
        assert path.read_text() == text

    def test_makes_different_keys_each_time(self, tmp_path: Path) -> None:
        one, two = make_keyring(tmp_path / "one"), make_keyring(tmp_path / "two")
        assert one.sealing_keys != two.sealing_keys
        assert one.index_master != two.index_master
        assert one.index_master not in one.sealing_keys.values()


class TestLoadKeyring:
    def test_says_plainly_that_the_file_is_missing(self, path: Path) -> None:
        with pytest.raises(KeyringMissing, match=r"does not exist\. Put back the copy") as caught:
            load_keyring(path)
        assert str(path) in caught.value.message

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "{}",
            '{"format": 2}',
            '{"format": 1, "newest": "k1", "sealing_keys": {}, "index_master": ""}',
            '{"format": 1, "newest": "k1", "sealing_keys": {"k1": "QUJD"}, "index_master": "QUJD"}',
            '{"format": 1, "newest": "k1", "sealing_keys": {"k1": 7}, "index_master": 7}',
            '{"format": 2, "newest": "k1", "sealing_keys": {"k1": "'
            + "A" * 43
            + '="}, "index_masters": {"k2": "'
            + "A" * 43
            + '="}}',
        ],
    )
    def test_refuses_a_damaged_file(self, path: Path, text: str) -> None:
        path.parent.mkdir()
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(KeyringUnreadable, match="damaged"):
            load_keyring(path)

    def test_quotes_no_key_when_the_file_is_damaged(self, path: Path) -> None:
        make_keyring(path)
        kept = json.loads(path.read_text())
        secret = kept["index_master"]
        kept["index_master"] = secret[:-1] + "!"
        path.write_text(json.dumps(kept))
        with pytest.raises(KeyringUnreadable) as caught:
            load_keyring(path)
        assert secret[:8] not in str(caught.value)
        assert caught.value.__suppress_context__

    @pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o666])
    def test_refuses_a_file_that_others_may_read(self, path: Path, mode: int) -> None:
        make_keyring(path)
        path.chmod(mode)
        with pytest.raises(KeyringUnreadable, match="chmod 600"):
            load_keyring(path)


class TestSaveKeyring:
    def test_replaces_the_file_and_keeps_old_values_readable(self, path: Path) -> None:
        ring = make_keyring(path)
        sealed = FieldCipher(ring).seal("secret", "a.b:1")
        save_keyring(path, ring.with_new_key())
        after = load_keyring(path)
        assert after == Keyring("k2", after.sealing_keys, {"k1": ring.index_master, "k2": after.index_master})
        assert after.index_master != ring.index_master
        assert FieldCipher(after).open(sealed, "a.b:1") == "secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [file.name for file in path.parent.iterdir()] == [path.name]


class TestKeyring:
    def test_never_shows_a_key(self) -> None:
        ring = new_keyring().with_new_key()
        shown = f"{ring!r} {ring} {FieldCipher(ring)!r}"
        for key in (*ring.sealing_keys.values(), ring.index_master):
            assert repr(key) not in shown
            assert key.hex() not in shown
            assert base64.b64encode(key).decode() not in shown
        assert "k1" in shown

    def test_keeps_its_newest_key(self) -> None:
        ring = new_keyring()
        with pytest.raises(ValueError, match="newest"):
            ring.without_key("k1")

    def test_numbers_new_keys_after_the_highest(self) -> None:
        ring = new_keyring().with_new_key().with_new_key().without_key("k1")
        assert ring.with_new_key().newest == "k4"
        assert isinstance(ring, Keyring)
