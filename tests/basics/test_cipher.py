"""Sealed fields: opened only where they were written, searchable only with the index key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.cipher import (
    FieldCipher,
    KeyringMissing,
    SealBroken,
    cipher_of,
    key_of,
    make_keyring,
    place_of,
    save_keyring,
)
from zhenke.basics.keyring import new_keyring

RING = new_keyring()
CIPHER = FieldCipher(RING)
PLACE = "customers_phone.number:17"


class TestSeal:
    @given(st.text())
    def test_gives_back_every_text(self, value: str) -> None:
        assert CIPHER.open(CIPHER.seal(value, PLACE), PLACE) == value

    def test_has_the_documented_form_and_hides_the_value(self) -> None:
        sealed = CIPHER.seal("+8613800138000", PLACE)
        form, key_id, nonce, box = sealed.split("|")
        assert (form, key_id, len(nonce)) == ("v1", "k1", 16)
        assert len(box) == 40  # 14 bytes and a tag of 16, in base64url
        assert "13800138000" not in sealed

    def test_writes_the_same_value_differently_each_time(self) -> None:
        assert len({CIPHER.seal("x", PLACE) for _ in range(100)}) == 100

    @pytest.mark.parametrize("place", ["", "phone", "phone:1", "a.b", "a.b:", "a.b:1|2", "a.b: 1"])
    def test_refuses_a_place_that_names_no_row_and_column(self, place: str) -> None:
        with pytest.raises(ValueError, match="place"):
            CIPHER.seal("x", place)


class TestOpen:
    @pytest.mark.parametrize(
        "other", ["customers_phone.number:18", "customers_phone.number:171", "customers_phone.tail:17", "x.number:17"]
    )
    def test_breaks_on_a_value_moved_to_another_place(self, other: str) -> None:
        with pytest.raises(SealBroken):
            CIPHER.open(CIPHER.seal("secret", PLACE), other)

    def test_breaks_on_every_flipped_bit_of_nonce_and_box(self) -> None:
        sealed = CIPHER.seal("周丽", PLACE)
        start = len("v1|k1|")
        for index in range(start, len(sealed)):
            if sealed[index] == "|":
                continue
            for other in "AQgw_":
                if other != sealed[index]:
                    with pytest.raises(SealBroken):
                        CIPHER.open(sealed[:index] + other + sealed[index + 1 :], PLACE)

    @pytest.mark.parametrize(
        "text",
        ["", "plain", "v1|k1|", "v1|k1||", "v2|k1|AAAA|AAAA", "v1|k9|AAAAAAAAAAAAAAAA|AAAA", "v1|k1|é|é", "v1|k1|A|A"],
    )
    def test_breaks_on_what_is_no_sealed_value(self, text: str) -> None:
        with pytest.raises(SealBroken) as caught:
            CIPHER.open(text, PLACE)
        assert caught.value.code == "seal_broken"
        assert caught.value.facts["place"] == PLACE

    def test_breaks_under_another_ring_with_the_same_key_id(self) -> None:
        with pytest.raises(SealBroken):
            FieldCipher(new_keyring()).open(CIPHER.seal("secret", PLACE), PLACE)

    def test_breaks_when_the_key_id_is_swapped(self) -> None:
        two = FieldCipher(RING.with_new_key())
        sealed = two.seal("secret", PLACE)
        with pytest.raises(SealBroken):
            two.open(sealed.replace("|k2|", "|k1|"), PLACE)

    def test_accepts_no_second_spelling_of_one_value(self) -> None:
        sealed = CIPHER.seal("secret", PLACE)
        for spelling in (sealed + "=", sealed + "!", sealed.replace("|", " |"), sealed + "\n"):
            with pytest.raises(SealBroken):
                CIPHER.open(spelling, PLACE)


class TestReseal:
    def test_moves_a_value_to_the_newest_key(self) -> None:
        old = CIPHER.seal("secret", PLACE)
        after = FieldCipher(RING.with_new_key())
        new = after.reseal(old, PLACE)
        assert (after.is_newest(old), after.is_newest(new)) == (False, True)
        assert after.open(new, PLACE) == after.open(old, PLACE) == "secret"

    def test_leaves_a_newest_value_untouched(self) -> None:
        sealed = CIPHER.seal("secret", PLACE)
        assert CIPHER.reseal(sealed, PLACE) == sealed

    def test_makes_the_old_key_dispensable(self) -> None:
        after = RING.with_new_key()
        new = FieldCipher(after).reseal(CIPHER.seal("secret", PLACE), PLACE)
        assert FieldCipher(after.without_key("k1")).open(new, PLACE) == "secret"
        with pytest.raises(SealBroken):
            FieldCipher(after.without_key("k1")).open(CIPHER.seal("secret", PLACE), PLACE)


class TestBlindIndex:
    def test_is_equal_for_equal_values(self) -> None:
        index = CIPHER.blind_index("phone", "+8613800138000")
        assert index == FieldCipher(RING).blind_index("phone", "+8613800138000")
        assert len(index) == 32
        assert bytes.fromhex(index) == CIPHER.blind_index_bytes("phone", "+8613800138000")

    def test_differs_by_field_value_and_ring(self) -> None:
        indexes = {
            CIPHER.blind_index("phone", "+8613800138000"),
            CIPHER.blind_index("phone", "+8613800138001"),
            CIPHER.blind_index("wechat", "+8613800138000"),
            FieldCipher(new_keyring()).blind_index("phone", "+8613800138000"),
        }
        assert len(indexes) == 4


class TestBlindIndexes:
    def test_are_under_every_key_of_the_ring_the_newest_first(self) -> None:
        after = RING.with_new_key()
        old, new = CIPHER.blind_index("phone", "138"), FieldCipher(after).blind_index("phone", "138")
        assert old != new
        assert FieldCipher(after).blind_indexes("phone", "138") == (new, old)
        assert FieldCipher(after.without_key("k1")).blind_indexes("phone", "138") == (new,)

    def test_is_one_while_there_is_one_key(self) -> None:
        assert CIPHER.blind_indexes("phone", "138") == (CIPHER.blind_index("phone", "138"),)


class TestKeyOf:
    def test_names_the_key_and_nothing_for_what_is_not_sealed(self) -> None:
        assert key_of(CIPHER.seal("secret", PLACE)) == "k1"
        assert [key_of(text) for text in ("", "secret", "v2|k1|a|b", "v1|k1|a")] == ["", "", "", ""]


class TestCipherOf:
    def test_sees_a_key_that_was_added_and_says_what_is_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "ring"
        ring = make_keyring(path)
        before = cipher_of(path)
        assert cipher_of(path) is before
        save_keyring(path, ring.with_new_key())
        after = cipher_of(path)
        assert (before.newest, after.newest) == ("k1", "k2")
        assert after.open(before.seal("secret", PLACE), PLACE) == "secret"
        path.unlink()
        with pytest.raises(KeyringMissing):
            cipher_of(path)


class TestPlaceOf:
    def test_names_row_and_column(self) -> None:
        assert place_of("customers_phone.number", 17) == PLACE
