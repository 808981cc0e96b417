"""The columns of an uploaded file and what each is taken for: guessed, remembered, or chosen by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.tables.mapping import FieldSpec
from zhenke.basics.tables.reading import Facts, open_table
from zhenke.basics.tables.units import Unit, split_unit
from zhenke.customers.models import ImportRun
from zhenke.customers.queries.intake import mappings
from zhenke.customers.rules.traits import CUSTOM
from zhenke.doors.defaults.mappings import SHIPPED
from zhenke.doors.imports import ChosenMapping, choose_mapping, fields_of, guessed, unit_options
from zhenke.doors.words.columns import field_word
from zhenke.doors.words.days import is_chinese

SAMPLES, SAMPLE_ROWS = 3, 20
WEIGHT_UNITS = (
    ("1", gettext_lazy("grams")),
    ("0.001", gettext_lazy("milligrams")),
    ("1000", gettext_lazy("kilograms")),
    ("0.2", gettext_lazy("carats")),
)
_SURE, _LIKELY = 0.9, 0.6
_ONE_OF = {"customers": ("name", "card_number", "customer_key", "phone"), "sales": ()}


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of the file: heading, first values, the field it is taken for, and how sure that is."""

    number: int
    heading: str
    samples: tuple[str, ...]
    field: str = ""
    sure: str = ""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """What the page shows of a file: its columns, and how it was read."""

    columns: list[FileColumn]
    facts: Facts
    options: dict[str, Any]
    headings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ColumnChoice:
    """What somebody chose: field → heading, options, and what is wrong with it in words."""

    columns: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def opened(run: ImportRun, *, encoding: str, sheet: str, mapping: str) -> OpenedFile:
    """Return the columns of a run's file with the mapping of that name, its own, or a guess.

    Errors: FileRefused, EncodingUnknown with candidates; BadInput for an unknown mapping.
    """
    path = Path(run.file_path)
    with open_table(path, encoding=encoding or None, sheet=sheet or None) as table:
        guess = guessed(subject=run.subject, table=table)
        rows, headings, facts = table.sample(SAMPLE_ROWS), table.headings, table.facts
    chosen = guess
    if mapping:
        chosen = choose_mapping(subject=run.subject, name=mapping, path=path, given={})
    elif run.columns and set(run.columns.values()) <= set(headings):
        chosen = ChosenMapping(run.columns, run.options)
    fields = {heading: name for name, heading in chosen.columns.items()}
    sure = {one.heading: _sure(one.confidence) for one in guess.guess.columns.values()} if guess.guess else {}
    columns = [
        FileColumn(
            number,
            heading,
            _samples(rows, number),
            fields.get(heading, ""),
            sure.get(heading, "") if chosen is guess and heading in fields else "",
        )
        for number, heading in enumerate(headings)
    ]
    return OpenedFile(columns, facts, {**guess.options, **chosen.options}, headings)


def _sure(confidence: float) -> str:
    return "sure" if confidence >= _SURE else "likely" if confidence >= _LIKELY else "unsure"


def _samples(rows: Sequence[Sequence[str]], number: int) -> tuple[str, ...]:
    found = (row[number].strip() for row in rows if number < len(row) and row[number].strip())
    return tuple(islice(dict.fromkeys(text[:60] for text in found), SAMPLES))


def field_choices(subject: str) -> list[dict[str, object]]:
    """Return the fields that a column may be, in the order of their words' importance, required ones marked."""
    return [{"name": spec.name, "word": _word(subject, spec), "required": spec.required} for spec in fields_of(subject)]


def _word(subject: str, spec: FieldSpec) -> str:
    """What a field is called; one of the shop's own by the name that it has in the reader's language."""
    if spec.name.startswith(CUSTOM):
        return (spec.synonyms_zh if is_chinese() else spec.synonyms_en)[0]
    return field_word(subject, spec.name)


def remembered(subject: str, headings: Sequence[str]) -> list[str]:
    """Return the names of remembered and shipped mappings whose columns this file has."""
    known = {one.name: one.columns for one in mappings(subject=subject)}
    shipped = {name: each["columns"] for (about, name), each in SHIPPED.items() if about == subject}
    return [name for name, columns in {**shipped, **known}.items() if set(columns.values()) <= set(headings)]


def chosen_columns(subject: str, headings: Sequence[str], given: Mapping[str, str]) -> ColumnChoice:
    """Read what a form says; everything that is wrong is named at once."""
    specs = {spec.name: spec for spec in fields_of(subject)}
    choice = ColumnChoice()
    picked = [(given.get(f"column-{number}", ""), heading) for number, heading in enumerate(headings)]
    picked = [(name, heading) for name, heading in picked if name in specs]
    for name, times in Counter(name for name, _heading in picked).items():
        if times > 1:
            words = {"field": _word(subject, specs[name]), "times": times}
            choice.wrong.append(_("%(times)d columns are “%(field)s”. Keep one of them.") % words)
    choice.columns = dict(picked)
    missing = [spec.name for spec in specs.values() if spec.required and spec.name not in choice.columns]
    if missing:
        names = "、".join(field_word(subject, name) for name in missing)
        choice.wrong.append(_("Say which column is: %(fields)s.") % {"fields": names})
    one_of = _ONE_OF[subject]
    if one_of and not set(one_of) & set(choice.columns):
        names = "、".join(field_word(subject, name) for name in one_of)
        choice.wrong.append(_("At least one of these is needed: %(fields)s.") % {"fields": names})
    choice.options = unit_options(_units(choice.columns)) if subject == "sales" else {}
    return choice


def _units(columns: Mapping[str, str]) -> dict[str, Unit]:
    """The units that the headings of the chosen columns name."""
    found = {name: split_unit(heading.rsplit(" / ", 1)[-1])[1] for name, heading in columns.items()}
    return {name: unit for name, unit in found.items() if unit is not None}
