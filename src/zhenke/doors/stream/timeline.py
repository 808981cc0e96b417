"""The timeline of a profile: contacts, finished follow-ups and receipts in one order, page after page by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhenke.basics.errors import BadInput
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.queries import SeenVisit, interactions_of, seen_name, visits_of
from zhenke.customers.queries.notes import Attached, attached_to
from zhenke.doors.stream import events
from zhenke.doors.stream import points as membership
from zhenke.doors.stream.entry import Asked, Entry, NoteLines, Source, VisitLines
from zhenke.doors.words.care import result_word, step_word
from zhenke.doors.words.people import INTERACTION_WORDS
from zhenke.doors.words.visits import companion_words, laid_out_words, minutes_words, stop_word
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries import Gift, gifts_to, sales_of
from zhenke.staff.models import StaffMember

SIZE = 20
SALE, GIFT = "sale", "gift"


@dataclass(frozen=True, slots=True)
class Piece:
    """One page of the timeline, and the mark of the next one, "" at the end."""

    entries: list[Entry]
    after: str


def timeline_of(
    *, viewer: StaffMember, customer: Customer, now: datetime, kind: str = "", after: str = "", words: str = ""
) -> Piece:
    """Return one page of everything that happened in every room, newest first; of `words` only what speaks of them all.

    A gift that somebody gave her stands on the day from which it was no secret any more, and not before it. Moves of
    the grade and what happened to the archive have no words of their own: a search leaves them out.

    Shape:  at most 20 entries, each once over all pages. SQL queries: one for each source that has left a trace (with
            `TRACES` asked along, else for each), receipts two, at most 20 however much happened; for one kind its own.
    Errors: BadInput for a mark that is not ours.
    """
    asked = Asked(viewer, customer, now, _read(after) if after else None, words, SIZE + 1, kind)
    sources = [SOURCES[kind]] if kind else list(dict.fromkeys(SOURCES.values()))
    entries = [entry for source in sources for entry in source(asked)]
    entries.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    page = entries[:SIZE]
    more = len(entries) > SIZE
    return Piece(page, f"{page[-1].at.isoformat()}~{page[-1].id}" if more else "")


def _receipts(asked: Asked) -> list[Entry]:
    if not asked.may_have("has_receipts"):
        return []
    sales = sales_of(
        viewer=asked.viewer, customer=asked.customer, before=asked.before, size=asked.size, words=asked.words
    )
    return [_of_sale(sale) for sale in sales]


def _gifts(asked: Asked) -> list[Entry]:
    if not asked.may_have("has_gifts"):
        return []
    given = gifts_to(viewer=asked.viewer, customer=asked.customer, now=asked.now)
    told = [_of_gift(gift, asked.viewer) for gift in given if asked.is_older(gift.at, gift.line.pk)]
    return [entry for entry in told if _speaks_of(entry.title, asked.words)]


def _contacts(asked: Asked) -> list[Entry]:
    if not asked.may_have("has_contacts_made"):
        return []
    viewer, customer = asked.viewer, asked.customer
    rows = interactions_of(
        viewer=viewer,
        customer=customer,
        before=asked.before,
        size=asked.size,
        kind=asked.kind,
        words=asked.words,
    )
    came = [row.pk for row in rows if row.kind == Interaction.Kind.VISIT]
    visits = visits_of(viewer=viewer, customer=customer, interactions=came)
    attached = attached_to(viewer=viewer, customer=customer, interactions=rows)
    return [_of_interaction(row, visits.get(row.pk), _note_lines(attached.get(row.pk)), viewer) for row in rows]


def _note_lines(attached: Attached | None) -> NoteLines | None:
    """Return what hangs on an entry; a colleague who has read it is said to."""
    if attached is None:
        return None
    words = [
        _("%(name)s (has read it)") % {"name": member.name} if has_seen else member.name
        for member, has_seen in attached.named
    ]
    return NoteLines(attached.photos, pgettext("list", ", ").join(words))


def _speaks_of(text: str, words: str) -> bool:
    return all(word in text.casefold() for word in words.casefold().split())


def _read(after: str) -> tuple[datetime, int]:
    at, _tilde, key = after.partition("~")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        raise BadInput from None
    if instant.tzinfo is None or not (key.isascii() and key.isdecimal() and len(key) < 20):
        raise BadInput
    return instant, int(key)


def _of_interaction(row: Interaction, visit: SeenVisit | None, note: NoteLines | None, viewer: StaffMember) -> Entry:
    word = str(INTERACTION_WORDS.get(row.kind, row.kind))
    step = str(row.facts.get("step", ""))
    minutes = minutes_words(visit.minutes) if visit else ""
    parts = [word, step_word(step) if step else "", result_word(row.result), minutes]
    title = " · ".join(part for part in parts if part)
    return Entry(
        row.at,
        row.pk,
        row.kind,
        title,
        row.text,
        _who(row.by),
        visit=_lines(visit, viewer) if visit else None,
        note=note,
        is_closed=row.is_closed,
    )


def _lines(visit: SeenVisit, viewer: StaffMember) -> VisitLines:
    return VisitLines(
        laid_out_words(visit),
        companion_words(visit, viewer),
        [stop_word(code) for code in visit.stopped_by],
        visit.agreed,
        visit.agreed_date,
    )


def _of_sale(sale: Sale) -> Entry:
    title = {
        Sale.Kind.RETURN: _("Brought back %(pieces)s"),
        Sale.Kind.EXCHANGE: _("Exchanged for %(pieces)s"),
    }.get(sale.kind, _("Bought %(pieces)s"))  # type: ignore[call-overload]
    lines = [line for line in sale.lines.all() if sale.kind == Sale.Kind.RETURN or line.quantity > 0]
    return Entry(
        sale.sold_at,
        sale.pk,
        SALE,
        title % {"pieces": pieces_words(lines)},
        sale.note,
        _who(sale.advisor),
        sale=sale,
    )


def _of_gift(gift: Gift, viewer: StaffMember) -> Entry:
    """A gift as its recipient's archive tells it: what it is and from whom, not what it cost or who said what."""
    return Entry(gift.at, gift.line.pk, GIFT, gift_words(gift, viewer), "", "", gift=gift)


def gift_words(gift: Gift, viewer: StaffMember) -> str:
    """Return what she was given and by whom, as far as the viewer may know the giver."""
    piece = name_of_line(gift.line)
    if gift.giver is None:
        return _("Was given %(piece)s") % {"piece": piece}
    name = seen_name(viewer=viewer, customer=gift.giver) or str(gift.giver)
    return _("Was given %(piece)s by %(name)s") % {"piece": piece, "name": name}


def pieces_words(lines: Iterable[SaleLine]) -> str:
    """Return what stands on a receipt in a few words: the dearest piece by name, and how many others."""
    ordered = sorted(lines, key=lambda line: -abs(line.amount_minor))
    if not ordered:
        return _("nothing")
    first = name_of_line(ordered[0])
    others = len(ordered) - 1
    if not others:
        return first
    return ngettext("%(first)s and %(n)d other", "%(first)s and %(n)d others", others) % {"first": first, "n": others}


def name_of_line(line: SaleLine) -> str:
    """Return what a line is called: the style's name, its number, or the words of the receipt."""
    if line.style is not None:
        return line.style.name or line.style.style_no
    return line.description or _("a piece")


def _who(person: StaffMember | None) -> str:
    return person.name if person else ""


# Which source tells of which kind; the order is that of the chips.
SOURCES: dict[str, Source] = {
    SALE: _receipts,
    GIFT: _gifts,
    **dict.fromkeys(INTERACTION_WORDS, _contacts),
    events.TASK: events.promises,
    events.PIECE: events.pieces,
    membership.POINTS: membership.points,
    events.GRADE: events.grades,
    events.ARCHIVE: events.archive,
}
KINDS = tuple(SOURCES)
