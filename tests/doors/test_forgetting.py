"""Files that people handed in go with whoever they name; others stay."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import NOW, Cast
from zhenke.basics.cipher import load_keyring
from zhenke.customers.models import FileErasure
from zhenke.customers.operations import add_contact
from zhenke.customers.operations.file_erasures import reseal_file_erasures
from zhenke.customers.operations.holds import set_hold
from zhenke.customers.queries import CustomerUnknown
from zhenke.customers.queries.erasure import file_erasures, file_erasures_by_key
from zhenke.doors.forgetting import drop_files_about, finish_erasures, forget
from zhenke.doors.keys import rotate_keys
from zhenke.doors.uploads import folder
from zhenke.journeys.forget_customer import forget_customer
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_list(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Nobody else is on the list of the forgotten."""
    key_file = tmp_path / "keys"
    key_file.write_bytes(Path(settings.KEY_FILE).read_bytes())  # type: ignore[attr-defined]
    key_file.chmod(0o600)
    settings.KEY_FILE = str(key_file)  # type: ignore[attr-defined]


def kept(place: Path, files: dict[str, bytes]) -> dict[str, Path]:
    place.mkdir(parents=True, exist_ok=True)
    paths = {name: place / name for name in files}
    for name, path in paths.items():
        path.write_bytes(files[name])
    return paths


class TestForget:
    def test_takes_files_in_any_make_and_spelling(self, cast: Cast, tmp_path: Path) -> None:
        add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        uploads = kept(
            folder(),
            {
                "utf8": "姓名\n周丽华\n".encode(),
                "gb": "姓名\n周丽华\n".encode("gb18030"),
                "phone": "电话\n+86 138 0013 8000\n".encode(),
                "book": _book("周丽华"),
                "broken": b"PK\x03\x04 not whole",
                "other": "姓名\n何念\n13900139000\n".encode(),
                "other book": _book("何念"),
            },
        )
        rejects = kept(Path(settings.HOME) / "rejects", {"a.csv": "周丽华,x\n".encode(), "b.csv": "何念,x\n".encode()})
        forget(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        left = {name for name, path in {**uploads, **rejects}.items() if path.exists()}
        assert left == {"broken", "other", "other book", "b.csv"}
        for path in (*uploads.values(), *rejects.values()):
            path.unlink(missing_ok=True)

    @pytest.mark.parametrize("fault", ["stream", "locked", "method"])
    def test_takes_a_packed_file_that_nobody_can_read(self, cast: Cast, fault: str) -> None:
        raw = bytearray(_book("何念"))
        place = raw.index(b"PK\x01\x02")  # the entry in the directory, which is believed
        if fault == "stream":
            begins = 30 + int.from_bytes(raw[26:28], "little") + int.from_bytes(raw[28:30], "little")
            raw[begins : begins + 8] = b"\xff" * 8
        elif fault == "locked":
            raw[6] |= 1
            raw[place + 8] |= 1
        else:
            raw[8] = raw[place + 10] = 99
        path = kept(folder(), {"hurt": bytes(raw)})["hurt"]
        assert zipfile.is_zipfile(path)
        forget(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        assert not path.exists()

    def test_twice_finds_nobody(self, cast: Cast) -> None:
        forget(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        with pytest.raises(CustomerUnknown):
            forget(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)


class TestFinishErasures:
    def test_takes_up_what_was_cut_off_after_the_transaction(self, cast: Cast) -> None:
        path = kept(folder(), {"utf8": "姓名\n周丽华\n".encode()})["utf8"]
        forget_customer(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        assert path.exists()
        note = FileErasure.objects.get()
        assert "周丽华" not in note.sealed
        assert [finish_erasures() for _ in range(2)] == [1, 0]
        assert not path.exists()
        assert not FileErasure.objects.exists()

    def test_keeps_the_note_while_a_file_cannot_be_deleted(self, cast: Cast) -> None:
        path = kept(folder(), {"utf8": "姓名\n周丽华\n".encode()})["utf8"]
        forget_customer(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        folder().chmod(0o500)
        if os.access(folder(), os.W_OK):  # the superuser deletes whatever stands
            folder().chmod(0o700)
            path.unlink()
            return
        try:
            with pytest.raises(PermissionError):
                finish_erasures()
        finally:
            folder().chmod(0o700)
        assert FileErasure.objects.count() == 1
        assert finish_erasures() == 1

    def test_a_note_is_brought_under_a_new_key_and_holds_an_old_one(self, cast: Cast) -> None:
        forget_customer(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        old = load_keyring(Path(settings.KEY_FILE)).newest
        assert file_erasures_by_key(viewer=SYSTEM) == {old: 1}
        assert file_erasures_by_key(viewer=cast.zhu) == {}
        new = rotate_keys(now=NOW)
        words = file_erasures()
        key = FileErasure.objects.get().pk
        assert [reseal_file_erasures(after=at) for at in (0, 0, key)] == [(key, 1), (key, 0), (None, 0)]
        assert file_erasures_by_key(viewer=SYSTEM) == {new: 1}
        assert file_erasures() == words

    def test_what_is_kept_by_law_keeps_its_files(self, cast: Cast) -> None:
        set_hold(
            customer=cast.mrs_zhou, reason="case 7", until_date=date(2040, 1, 1), today=NOW.date(), by=cast.zhu, now=NOW
        )
        path = kept(folder(), {"utf8": "姓名\n周丽华\n".encode()})["utf8"]
        forget(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW)
        assert path.exists()
        assert not FileErasure.objects.exists()
        path.unlink()


class TestDropFilesAbout:
    def test_of_nobody_takes_nothing(self) -> None:
        path = kept(folder(), {"utf8": b"x"})["utf8"]
        assert drop_files_about(frozenset()) == 0
        path.unlink()


def _book(name: str) -> bytes:
    """Return a packed file as spreadsheets write one."""
    place = Path(folder()) / "book.tmp"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", f"<sst><si><t>{name}</t></si></sst>")
    raw = place.read_bytes()
    place.unlink()
    return raw
