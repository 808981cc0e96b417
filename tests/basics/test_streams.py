"""A sealed stream opens whole or not at all."""

from __future__ import annotations

from io import BytesIO

import pytest

from zhenke.basics.keyring import Keyring, new_keyring
from zhenke.basics.streams import MAGIC, PIECE_BYTES, SealedWriter, StreamBroken, opened_pieces, read_head

pytestmark = pytest.mark.one_database
RING = new_keyring()


def sealed(raw: bytes, ring: Keyring = RING) -> bytes:
    out = BytesIO()
    writer = SealedWriter(out, keyring=ring, about={"kind": "test"})
    for start in range(0, len(raw), 300_007):
        writer.write(raw[start : start + 300_007])
    writer.finish()
    return out.getvalue()


def opened(box: bytes, ring: Keyring = RING) -> bytes:
    return b"".join(opened_pieces(BytesIO(box), keyring=ring))


def flipped(box: bytes, place: int) -> bytes:
    return box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]


RAW = bytes(range(256)) * 12_500  # three pieces and a rest
BOX = sealed(RAW)
START = len(MAGIC) + BOX[len(MAGIC) :].index(b"\n") + 1
WHOLE = 4 + PIECE_BYTES + 16
# What may happen to a file on its way; P25 asks for ten kinds.
DAMAGES = {
    "empty": b"",
    "not ours": b"PK\x03\x04" + BOX,
    "head only": BOX[:START],
    "one bit of the magic": flipped(BOX, 3),
    "one bit of the head": flipped(BOX, len(MAGIC) + 4),
    "one bit of a length": flipped(BOX, START + 3),
    "one bit inside": flipped(BOX, START + 500),
    "one bit of the last tag": flipped(BOX, len(BOX) - 1),
    "cut off inside a piece": BOX[:-10],
    "cut off between pieces": BOX[: START + WHOLE],
    "a piece left out": BOX[:START] + BOX[START + WHOLE :],
    "two pieces changed round": BOX[:START]
    + BOX[START + WHOLE : START + 2 * WHOLE]
    + BOX[START : START + WHOLE]
    + BOX[START + 2 * WHOLE :],
    "a piece twice": BOX[: START + WHOLE] + BOX[START:],
    "something added": BOX + b"\x00" * 40,
    "the pieces of another file": BOX[:START] + sealed(RAW)[START:],
}


class TestOpenedPieces:
    @pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
    def test_gives_back_what_was_sealed(self, size: int) -> None:
        assert opened(sealed(RAW[:size])) == RAW[:size]

    @pytest.mark.parametrize("damage", DAMAGES)
    def test_refuses_what_was_damaged(self, damage: str) -> None:
        assert opened(BOX) == RAW
        with pytest.raises(StreamBroken):
            opened(DAMAGES[damage])

    def test_refuses_the_keys_of_another_house(self) -> None:
        with pytest.raises(StreamBroken):
            opened(BOX, new_keyring())

    def test_opens_under_an_older_key_and_not_without_it(self) -> None:
        ring = RING.with_new_key()
        assert opened(BOX, ring) == RAW
        with pytest.raises(StreamBroken, match="k1 is not on the key ring"):
            opened(BOX, ring.without_key("k1"))

    def test_holds_none_of_the_bytes(self) -> None:
        assert b"hidden words" not in sealed(b"hidden words" * 9)
        assert read_head(BytesIO(BOX))["kind"] == "test"
