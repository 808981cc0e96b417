"""P21, P22: what people wrote through every form, call and file is in their copy, and in no byte once they are erased.

The ways in are those of the test of injection, found by looking. Each person has words of her own in every field that
takes words; nobody lists where they end up: every column of every table is read, then every byte on the disk.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from tests.cast import gather
from tests.promises.entries import Stocked
from tests.promises.rows import tables
from tests.promises.test_injection import UNDONE, Stage, find_entries, opened, taken_of
from zhenke.basics.clock import now
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations import erasing
from zhenke.customers.queries import access_pack
from zhenke.customers.queries.contacts import opened as opened_contact
from zhenke.doors import forgetting
from zhenke.doors.backups import make_backup, restore_backup
from zhenke.doors.commands.forget import apply_list, scrub_freed_space
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.forgetting import forget
from zhenke.doors.words.pack import pack_words
from zhenke.doors.words.trail import ACTION_WORDS
from zhenke.journeys import forget_customer
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.journeys.merge_customers import merge_customers
from zhenke.staff import SYSTEM

WORD = re.compile(r"Lotus(\d{3})k(\d{3})")
_BYTES = re.compile(rb"Lotus\d{3}k\d{3}")
# Tables of the house itself: shops, people who work here, rules, words of everybody. What is written there in her name
# is written there by the test alone.
OF_THE_HOUSE = frozenset(
    {
        "care_careplan", "catalogue_style", "customers_consenttext", "customers_customfield", "customers_export",
        "customers_importmapping", "customers_legalhold", "customers_savedview", "customers_tag", "grading_scheme",
        "staff_apitoken", "staff_shop", "staff_staffmember",
    }
)  # fmt: skip
# The figures of the books stay ten years with nobody behind them: number and key of a receipt, what was sold.
OF_THE_BOOKS = frozenset(
    {"sales_sale.source_key", "sales_sale.number", "sales_saleline.description", "sales_saleline.line_key"}
)
# Not told: notes of the staff, keys that make twice once, and what tells of others. customers_trait.source of a value
# that the merge put in the shade goes with it.
NOT_TOLD = frozenset(
    {
        "care_task.occurrence_key", "care_task.reason", "care_task.result_note", "catalogue_piece.source_key",
        "catalogue_inspection.seen", "customers_interaction.source_key", "customers_interaction.text",
        "customers_visit.companions_text", "grading_gradeoverride.reason", "sales_sale.note", "sales_sale.source_key",
        "sales_saleline.line_key", "staff_storedreply.body", "customers_importreject.cells",
        "customers_searchterm.term",
    }
)  # fmt: skip
HANDED_ON = "catalogue_"
"""A piece that she handed on is somebody else's now, with its stones and papers."""
ROWS = "姓名,手机,卡号\n{name},{phone},{card}\n,12,{name}\n"


@dataclass
class Person:
    """One human: the archives that tell of her, and her words by the way in that they came by."""

    number: int
    world: Stocked
    keys: list[int] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def hands_on(self) -> bool:
        """Every fourth hands her piece on; none of those who are forgotten does."""
        return self.number % 4 == 1

    def word(self, way: str) -> str:
        """Return a new word of hers."""
        made = f"Lotus{self.number:03d}k{len(self.words):03d}"
        self.words[made] = way
        return made


def everybody(stage: Stage, count: int) -> list[Person]:
    """Let so many people come in by every way there is."""
    return [_come_in(stage, number) for number in range(count)]


def _come_in(stage: Stage, number: int) -> Person:
    person = Person(number, stage.house.stocked())
    world, run = person.world, stage.run
    for entry in stage.entries:
        is_left = entry.name == "form piece_hand_on" and not person.hands_on
        if is_left or entry.name.startswith((*UNDONE, "form customer_forget")):
            continue
        free = run.learned[entry.name].free
        values = {name: person.word(f"{entry.name}: {name}") for name in free}
        values = {name: text for name, text in values.items() if entry.limits.get(name, 99) >= len(text)}
        if entry.send(world, values).status_code >= 400:
            with run.watch.on():
                values = taken_of(run, entry, world, values)
            entry.send(world, values)
    for way in ("piece_photo_add", "imports"):
        _hand_in(stage, person, way)
    callers = ("owner", "shop_manager", "advisor")
    person.keys = [world.key("customer", "own", caller) for caller in callers]
    if number % 3 == 0 and Customer.objects.filter(pk__in=person.keys[:2]).count() == 2:
        merge_customers(winner=person.keys[0], loser=person.keys[1], choices={}, by=SYSTEM, now=now())
    return person


def _hand_in(stage: Stage, person: Person, way: str) -> None:
    """Hand in a photo of hers, and a file in which she stands twice, once to be refused."""
    entry = next((one for one in stage.entries if one.name == f"form {way}"), None)
    if way == "imports":
        her = Customer.objects.get(pk=person.world.key("customer", "own", "owner"))
        text = ROWS.format(name=her.name, phone="13800138031", card=her.card_number)
        file = SimpleUploadedFile("people.csv", text.encode())
        given = {"subject": "customers", "shop": str(person.world.cast.shop_a.pk), "file": file}
        stage.house.desk.response(stage.house.desk.make.post("/imports/", given), "owner")
    elif entry is not None:
        entry.send(person.world, {})


def standing() -> dict[int, dict[str, set[str]]]:
    """Return by person which words stand in which column of any table, sealed contacts opened."""
    found: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    for match in WORD.finditer(_text(value)):
                        found[int(match[1])][f"{table}.{name}"].add(match[0])
    for contact in ContactPoint.objects.all():
        for match in WORD.finditer(opened_contact(contact)):
            found[int(match[1])]["customers_contactpoint.sealed"].add(match[0])
    return found


def _text(value: object) -> str:
    return bytes(value).decode("utf-8", "ignore") if isinstance(value, bytes | memoryview) else str(value)


def archives() -> dict[int, set[int]]:
    """Return by person every archive that tells of her in its name, its keys or a contact of it."""
    found: dict[int, set[int]] = defaultdict(set)
    told = [(row.pk, f"{row.name} {row.card_number} {row.source_key}") for row in Customer.objects.all()]
    told += [(contact.customer_id, opened_contact(contact)) for contact in ContactPoint.objects.all()]
    for key, text in told:
        for match in WORD.finditer(text):
            found[int(match[1])].add(key)
    return found


def archives_of(person: Person, found: dict[int, set[int]]) -> list[int]:
    """Return every archive that tells of her: her own and those that were opened in her words."""
    keys = {*person.keys, *found[person.number]}
    return sorted(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))


def on_disk() -> Iterator[tuple[str, bytes]]:
    """Yield every file of the home, with the queue, and of the database."""
    places = {Path(live.HOME), Path(str(live.HUEY["filename"])).parent}
    if connection.vendor == "sqlite":
        places.add(Path(str(connection.settings_dict["NAME"])).parent)
    for path in {path for place in places for path in place.rglob("*")}:
        if path.is_file():
            yield str(path), path.read_bytes()


def faults_of_copies(people: list[Person], found: dict[int, dict[str, set[str]]]) -> tuple[list[str], int]:
    """Return what is wrong with the copies of these people, and how many of their own words were told."""
    faults, told_words, known = [], 0, archives()
    for person in people:
        packs = [
            gather_access_pack(
                customer=Customer.objects.get(pk=key), checked="id_card", limits=EXPORT_LIMITS, by=SYSTEM, now=now()
            )
            for key in archives_of(person, known)
        ]
        told = {match[0] for match in WORD.finditer(json.dumps(packs, cls=DjangoJSONEncoder, ensure_ascii=False))}
        faults += [f"{person.number}: tells of another: {word}" for word in told - person.words.keys()]
        read = " ".join(str(pack_words(pack, ACTION_WORDS)) for pack in packs)
        faults += [f"{person.number}: not on the page: {person.words[word]}" for word in told if word not in read]
        for place, words in found[person.number].items():
            is_another = person.hands_on and place.startswith(HANDED_ON)
            if place not in NOT_TOLD and not is_another and _table(place) not in OF_THE_HOUSE:
                faults += [f"{person.number}: not told: {place} {person.words[word]}" for word in words - told]
        told_words += len(told)
    return faults, told_words


def faults_after(gone: list[Person], stay: list[Person], before: dict[int, dict[str, set[str]]]) -> list[str]:
    """Return what is left of the forgotten in any column or byte, and what is gone of the others."""
    faults, after, kept = [], standing(), set[str]()
    for person in gone:
        for place, words in after[person.number].items():
            if place in OF_THE_BOOKS or _table(place) in OF_THE_HOUSE:
                kept |= words
            else:
                faults += [f"{person.number}: left: {place} {person.words[word]}" for word in words]
    for person in stay:
        for place, words in before[person.number].items():
            faults += [f"{person.number}: lost: {place} {word}" for word in words - after[person.number][place]]
    hers = {word.encode() for person in gone for word in person.words if word not in kept}
    for name, raw in on_disk():
        faults += [f"byte: {name} {word.decode()}" for word in set(_BYTES.findall(raw)) & hers]
    return faults


def _table(place: str) -> str:
    return place.split(".", 1)[0]


def follow(
    settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, *, count: int, most: int = 40
) -> dict[str, object]:
    """Let people come in, read their copies, forget every second one, put an old copy back; nothing may be wrong."""
    caplog.set_level(logging.DEBUG)
    stage = opened(gather(), settings, rounds=1)
    with stage.run.watch.on():
        find_entries(stage)
    people = everybody(stage, count)
    found = standing()
    faults, told = faults_of_copies(people, found)
    backup = make_backup(target=tmp_path / "old.backup", at=now())
    gone, stay = people[::2], people[1::2]
    known = archives()
    for key in [key for person in gone for key in archives_of(person, known)]:
        forget(customer_id=key, by=SYSTEM, now=now())
    scrub_freed_space()
    faults += faults_after(gone, stay, found)
    raw = backup.path.read_bytes()
    faults += ["a word in the backup"] if _BYTES.search(raw) else []
    restore_backup(path=backup.path, replaces=True)
    assert len(standing()[gone[0].number]) > 40, "the old copy has her again"
    again = apply_list(now())
    faults += [f"after the old copy: {fault}" for fault in faults_after(gone, stay, found)]
    # What a view logs of its own; the watch of the run logs each answer to the test alone.
    faults += [f"log: {line[:90]}" for line in caplog.text.splitlines() if WORD.search(line)]
    told_of = {
        "people": count, "ways in": len({way.split(":")[0] for person in people for way in person.words.values()}),
        "words": sum(len(person.words) for person in people), "told": told, "again": again,
        "columns": len({place for person in people for place in found[person.number]}), "faults": len(faults),
    }  # fmt: skip
    wrong = sorted(set(faults))[:most]
    assert not wrong, f"{told_of}\n" + "\n".join(wrong)
    return told_of


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_everything_is_told_and_everything_is_erased(
    settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = follow(settings, caplog, tmp_path, count=int(os.environ.get("ZHENKE_RIGHTS_PEOPLE", "100")))
    with capsys.disabled():
        print(f"\nrights: {found}")
    assert int(str(found["ways in"])) >= 30


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_finds_what_is_planted(
    settings: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take out what lets go of her in four places, and one part of the copy: each has to be found."""
    monkeypatch.setattr(forgetting, "drop_files_about", lambda words: 0)
    monkeypatch.setattr(forget_customer, "drop_replies_about", lambda keys: 0)
    monkeypatch.setattr(erasing, "_out_of_rejects", lambda words: 0)
    monkeypatch.setattr(erasing, "_out_of_imports", lambda keys, own: 0)
    monkeypatch.setattr(access_pack, "_visit", lambda row: {})
    with pytest.raises(AssertionError) as found:
        follow(settings, caplog, tmp_path, count=3, most=10_000)
    told = str(found.value)
    for sign in ("/imports/", "staff_storedreply.body", "not told: customers_visitpiece.name"):
        assert sign in told, sign
