"""The filters of the list of customers: read from the address, written back as chips, kept as a saved list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from zhenke.basics.days import YearRule
from zhenke.care.queries import open_task_customers
from zhenke.catalogue.rules import METALS, STONES
from zhenke.customers.queries.freshness import fields_shown
from zhenke.customers.rules.filters import CustomerFilters, Order, OwnAsked
from zhenke.customers.rules.freshness import FIELDS
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.doors.pages.customers.groupings import SENTENCE, GroupingFields, archive_filters, grade_filter
from zhenke.doors.pages.customers.own_values import BEGINS, own_chips, own_values_in, shown_own
from zhenke.doors.words.fields import field_word
from zhenke.doors.words.goods import METAL_WORDS, STONE_WORDS
from zhenke.doors.words.importance import IMPORTANCE_WORDS
from zhenke.doors.words.people import BAND_WORDS, LIFECYCLE_WORDS, SOURCE_WORDS, value_word
from zhenke.grading.queries import grades_within
from zhenke.grading.rules import LETTERS
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import year_rule_of

ORDER_WORDS = {
    Order.UPDATED: pgettext_lazy("order", "Last in touch"),
    Order.NAME: pgettext_lazy("order", "Name"),
    Order.NEWEST: pgettext_lazy("order", "Newest"),
}
QUIET_DAYS = (90, 180, 365)
BIRTHDAY_DAYS = (7, 30)


class FilterForm(GroupingFields):
    """Everything the list can be narrowed to; all of it may be empty."""

    grade = forms.MultipleChoiceField(
        label=pgettext_lazy("profile", "Grade"),
        choices=[(letter, letter) for letter in LETTERS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lifecycle = forms.MultipleChoiceField(
        label=gettext_lazy("Where they stand"),
        choices=list(LIFECYCLE_WORDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    value = forms.MultipleChoiceField(
        label=gettext_lazy("Value"),
        choices=list(BAND_WORDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    likes = forms.MultipleChoiceField(
        label=gettext_lazy("Likes"),
        choices=[(code, METAL_WORDS.get(code) or STONE_WORDS[code]) for code in (*METALS[:-2], *STONES[:-1])],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quiet = forms.TypedChoiceField(label=gettext_lazy("Not seen for"), coerce=int, empty_value=None, required=False)
    birthday = forms.TypedChoiceField(label=gettext_lazy("Birthday"), coerce=int, empty_value=None, required=False)
    open = forms.BooleanField(label=gettext_lazy("Something is planned"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("How they came to us"), required=False)
    importance = forms.TypedChoiceField(label=gettext_lazy("Importance"), coerce=int, empty_value=None, required=False)
    tag = forms.CharField(label=gettext_lazy("Tag"), max_length=40, required=False)
    owner = forms.CharField(label=gettext_lazy("Advisor"), max_length=20, required=False)
    lacks = forms.ChoiceField(label=gettext_lazy("Not known yet"), required=False)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"), choices=[(one.value, word) for one, word in ORDER_WORDS.items()], required=False
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        days = [(days, _quiet_words(days)) for days in QUIET_DAYS]
        self.fields["quiet"].choices = [("", gettext_lazy("Any time")), *days]  # type: ignore[attr-defined]
        soon = [(days, _birthday_words(days)) for days in BIRTHDAY_DAYS]
        self.fields["birthday"].choices = [("", gettext_lazy("Any day")), *soon]  # type: ignore[attr-defined]
        ranks = [(int(one), IMPORTANCE_WORDS[one]) for one in (Importance.VIP, Importance.PROTECTED)]
        self.fields["importance"].choices = [("", gettext_lazy("Any")), *ranks]  # type: ignore[attr-defined]
        lacking = [(field, field_word(field)) for field in FIELDS]
        self.fields["lacks"].choices = [("", gettext_lazy("Any")), *lacking]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", gettext_lazy("Any")), *SOURCE_WORDS.items()]  # type: ignore[attr-defined]


def _quiet_words(days: int) -> str:
    months = days // 30
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


def _birthday_words(days: int) -> str:
    return ngettext("in the next %(n)d day", "in the next %(n)d days", days) % {"n": days}


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the address of the list without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Asked:
    """What was asked of the list; values that cannot be are left out."""

    given: Mapping[str, list[str]]
    words: Mapping[str, object]
    own: tuple[OwnAsked, ...] = ()

    @property
    def order(self) -> Order:
        """The order of the list."""
        return Order(str(self.words.get("order") or Order.UPDATED))

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(name != "order" for name in self.given)

    def query(self, **changes: str) -> str:
        """Return the filters as the query part of an address."""
        kept = {name: values for name, values in self.given.items() if name not in changes}
        kept |= {name: [value] for name, value in changes.items() if value}
        return urlencode(kept, doseq=True)


def asked_in(query: QueryDict | Mapping[str, list[str]]) -> Asked:
    """Return what an address or a saved list asks for."""
    given = query if isinstance(query, QueryDict) else _as_query(query)
    form = FilterForm(given)
    form.is_valid()
    good = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [], False)}
    kept = {name: given.getlist(name) for name in FilterForm.base_fields if name in good}
    own, asked = own_values_in(given)
    return Asked(kept | own, good, asked)


def _as_query(filters: Mapping[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in filters.items():
        query.setlist(name, [str(value) for value in values])
    return query


def filters_of(asked: Asked, *, viewer: StaffMember, today: date, now: datetime) -> CustomerFilters:
    """Return the filters that the archive itself knows."""
    words = asked.words
    owner = str(words.get("owner", ""))
    ahead = words.get("birthday")
    quiet = words.get("quiet")
    return CustomerFilters(
        owner_id=int(owner) if owner.isdecimal() and len(owner) < 19 else None,
        has_owner=False if owner == "none" else None,
        source=str(words.get("source", "")),
        importance=_rank(words, viewer),
        tag=str(words.get("tag", "")),
        lacks=str(words.get("lacks", "")) if words.get("lacks", "") in fields_shown(viewer=viewer) else "",
        traits=tuple(("metal" if code in METALS else "stone", code) for code in words.get("likes", ())),  # type: ignore[attr-defined]
        birthday_from=today if ahead else None,
        birthday_to=today + timedelta(days=int(str(ahead))) if ahead else None,
        not_seen_since=now - timedelta(days=int(str(quiet))) if quiet else None,
        today=today,
        own=shown_own(asked.own, viewer=viewer),
        year_rule=year_rule_of(viewer.shop) if ahead else YearRule(),
        **archive_filters(words, viewer=viewer, today=today),  # type: ignore[arg-type]
    )


def _rank(words: Mapping[str, object], viewer: StaffMember) -> int:
    """Return the importance that is asked for; 0 for who is not shown it, as for a filter that is not there."""
    is_shown = sight_of(viewer.role).of("importance") == Shown.FULL
    return int(str(words["importance"])) if is_shown and words.get("importance") else 0


def within_of(asked: Asked, *, viewer: StaffMember, today: date) -> QuerySet | None:
    """Return the keys of customers whom the rooms above keep: by grade, by where they stand, by what is planned."""
    words = asked.words
    kept: QuerySet | None = None
    columns = {"letter__in": "grade", "lifecycle__in": "lifecycle", "amount_band__in": "value"}
    wanted = {column: words[name] for column, name in columns.items() if words.get(name)}
    grouped = grade_filter(words)
    if wanted or grouped is not None:
        # The list keeps to the viewer's sight by itself; asking for it here too would only cost a join.
        rows = grades_within(viewer=SYSTEM).filter(grouped or Q(), **wanted)
        kept = rows.order_by().values("customer_id")
    if words.get("quiet"):
        # Who bought was seen, whether or not somebody wrote a visit down.
        quiet_since = today - timedelta(days=int(str(words["quiet"])))
        unseen = Q(last_bought_date=None) | Q(last_bought_date__lt=quiet_since)
        silent = grades_within(viewer=SYSTEM).filter(unseen).order_by().values("customer_id")
        kept = silent if kept is None else kept.filter(unseen)
    if words.get("open") or words.get("deals") == "open":
        planned: QuerySet = open_task_customers(viewer=viewer)
        kept = planned if kept is None else kept.filter(customer_id__in=planned)
    return kept


def chips_of(asked: Asked, *, people: Mapping[str, str]) -> list[Chip]:
    """Return the filters that are set as a sentence: Grade A or B · not seen for 6 months · likes jadeite."""
    chips = [Chip(label, asked.query(**{name: ""})) for name, label in _labels(asked, people)]
    return chips + [Chip(label, asked.query(**dict.fromkeys(names, ""))) for names, label in own_chips(asked.own)]


def is_filter(name: str) -> bool:
    """Return whether a name in an address may be one of a filter."""
    return name in FilterForm.base_fields or name.startswith(BEGINS)


def _labels(asked: Asked, people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The words of each filter, in the order in which the sentence reads."""
    for name, words_of in _SENTENCE.items():
        if name in asked.words:
            yield name, words_of(asked.words[name], people)


def _either(value: object, named: Mapping[str, object]) -> str:
    return _(" or ").join(str(named.get(code, code)) for code in value)  # type: ignore[attr-defined]


def _of_whom(value: object, people: Mapping[str, str]) -> str:
    return _("nobody's customers") if value == "none" else _("of %(name)s") % {"name": people.get(str(value), "–")}


_SENTENCE: dict[str, Callable[[object, Mapping[str, str]], str]] = {
    "grade": lambda value, people: _("Grade %(letters)s") % {"letters": _either(value, {})},
    "lifecycle": lambda value, people: _either(value, LIFECYCLE_WORDS),
    "value": lambda value, people: _("value %(bands)s") % {"bands": _either(value, BAND_WORDS).lower()},
    "likes": lambda value, people: _("likes %(what)s") % {"what": _(" and ").join(value_word(code) for code in value)},  # type: ignore[attr-defined]
    "quiet": lambda value, people: _("not seen for %(span)s") % {"span": _quiet_words(int(str(value)))},
    "birthday": lambda value, people: _("birthday %(when)s") % {"when": _birthday_words(int(str(value)))},
    "open": lambda value, people: _("something is planned"),
    "source": lambda value, people: str(SOURCE_WORDS.get(str(value), value)),
    "importance": lambda value, people: str(IMPORTANCE_WORDS[int(str(value))]),
    "tag": lambda value, people: _("tagged %(tag)s") % {"tag": value},
    "lacks": lambda value, people: _("not known yet: %(field)s") % {"field": field_word(str(value))},
    **SENTENCE,
    "owner": _of_whom,
}
