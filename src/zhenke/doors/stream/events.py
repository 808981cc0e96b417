"""Lines of the timeline besides contacts and receipts: promises, pieces, messages, grades, the archive itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.days import local_date
from zhenke.care.queries.promised import promises_to
from zhenke.catalogue.queries.events import HandedOn, changes_of_hands, looks_at_pieces
from zhenke.customers.models import Customer, Merge
from zhenke.customers.queries import seen_name
from zhenke.customers.queries.events import links_made
from zhenke.customers.queries.merges import merges_of
from zhenke.doors.stream.entry import Asked, Entry
from zhenke.doors.words.days import day_words
from zhenke.doors.words.grades import change_words
from zhenke.doors.words.messages import WAY_OUT_WORDS, template_word, why_words
from zhenke.doors.words.people import CHANNEL_WORDS, link_word
from zhenke.doors.words.permits import REVEAL_REASONS
from zhenke.doors.words.pieces import HOW_WORDS
from zhenke.grading.queries.moves import moves_of
from zhenke.messaging.queries.listing import messages_to
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import audit_entries
from zhenke.staff.rules import May

TASK, PIECE, GRADE, ARCHIVE, SENT = "task", "piece", "grade", "archive", "sent"
_REASONS = dict(REVEAL_REASONS)


def promises(asked: Asked) -> list[Entry]:
    """Follow-ups planned by hand, on the day on which they were planned."""
    if not asked.may_have("has_promises"):
        return []
    rows = promises_to(
        viewer=asked.viewer, customer=asked.customer, before=asked.before, size=asked.size, words=asked.words
    )
    today = local_date(asked.now, asked.customer.shop.time_zone)
    return [
        Entry(
            row.created_at,
            row.pk,
            TASK,
            _("Planned for %(when)s") % {"when": day_words(row.due_date, today)},
            str(row.reason.get("note", "")),
            row.created_by.name if row.created_by else "",
        )
        for row in rows
    ]


def pieces(asked: Asked) -> list[Entry]:
    """Pieces of hers that were looked at, and those that changed hands."""
    about = {"viewer": asked.viewer, "customer": asked.customer, "before": asked.before_day(), "size": asked.size}
    looks, hands = [], []
    if asked.may_have("has_looks_at_pieces"):
        looks = looks_at_pieces(**about, words=asked.words)  # type: ignore[arg-type]
    if asked.may_have("has_changes_of_hands"):
        hands = changes_of_hands(**about, words=asked.words)  # type: ignore[arg-type]
    entries = [
        Entry(
            asked.noon(row.on_date),
            row.pk,
            PIECE,
            _("Looked at %(piece)s") % {"piece": row.piece.name or _("a piece")},
            row.seen,
            row.by.name if row.by else "",
            url=reverse("piece", args=[row.piece_id]),
            day=row.on_date,
        )
        for row in looks
    ]
    return entries + [_handed_on(asked, one) for one in hands]


def _handed_on(asked: Asked, one: HandedOn) -> Entry:
    name = name_for(asked.viewer, one.other) or _("another customer")
    words = _("%(piece)s came from %(name)s") if one.is_hers_now else _("%(piece)s went to %(name)s")
    title = words % {"piece": one.row.piece.name or _("a piece"), "name": name}
    return Entry(
        asked.noon(one.row.on_date),
        one.row.pk,
        PIECE,
        title,
        str(HOW_WORDS.get(one.row.how, one.row.how)),
        one.row.by.name if one.row.by else "",
        url=reverse("piece", args=[one.row.piece_id]) if one.is_hers_now else "",
        day=one.row.on_date,
    )


def grades(asked: Asked) -> list[Entry]:
    """Each move of her grade, and why."""
    if asked.words or not asked.may_have("has_moves"):
        return []
    rows = moves_of(viewer=asked.viewer, customer=asked.customer, before=asked.before_day(), size=asked.size)
    return [
        Entry(
            asked.noon(row.on_date), row.pk, GRADE, _("Grade: %(move)s") % {"move": change_words(row)}, day=row.on_date
        )
        for row in rows
    ]


def sent(asked: Asked) -> list[Entry]:
    """What the house wrote to her by itself, or may have written; its words are kept nowhere."""
    if asked.words or not asked.may_have("has_messages"):
        return []
    rows = messages_to(viewer=asked.viewer, customer=asked.customer, before=asked.before, size=asked.size)
    return [
        Entry(
            row.called_at or row.queued_at,
            row.pk,
            SENT,
            _("Written to: %(text)s") % {"text": template_word(row.template_key)},
            why_words(row) or str(WAY_OUT_WORDS.get(row.channel, row.channel)),
        )
        for row in rows
    ]


def archive(asked: Asked) -> list[Entry]:
    """Links, merges, and for those who read the audit trail who looked at a whole contact."""
    if asked.words:
        return []
    links = []
    if asked.may_have("has_links"):
        links = links_made(viewer=asked.viewer, customer=asked.customer, before=asked.before, size=asked.size)
    entries = [
        Entry(
            one.row.made_at,
            one.row.pk,
            ARCHIVE,
            _link_words(asked.viewer, one.kind, one.other),
            who=one.row.made_by.name if one.row.made_by else "",
            url=reverse("customer", args=[one.other.pk]) if one.other else "",
        )
        for one in links
    ]
    if asked.may_have("has_merges"):
        merges = merges_of(viewer=asked.viewer, customer=asked.customer)
        entries += [_merged(one) for one in merges if asked.is_older(one.at, one.pk)]
    return entries + _reveals(asked)


def _link_words(viewer: StaffMember, kind: str, other: Customer | None) -> str:
    word = link_word(kind, other.gender if other else "")
    name = name_for(viewer, other)
    return (
        _("Linked: %(name)s, %(word)s") % {"name": name, "word": word}
        if name
        else _("Linked: %(word)s") % {"word": word}
    )


def _merged(one: Merge) -> Entry:
    title = _("Merged and undone") if one.state == Merge.State.UNDONE else _("Merged from two archives")
    return Entry(one.at, one.pk, ARCHIVE, title, who=one.by.name if one.by else "")


def _reveals(asked: Asked) -> list[Entry]:
    if not asked.viewer.may(May.SEE_AUDIT):
        return []
    rows = audit_entries(
        viewer=asked.viewer,
        subject_kind="customer",
        subject_id=asked.customer.pk,
        action="contact.revealed",
        until=asked.before[0] if asked.before else None,
        size=asked.size,
    )
    return [
        Entry(
            row.at,
            row.pk,
            ARCHIVE,
            _("Shown whole: %(kind)s") % {"kind": CHANNEL_WORDS.get(row.facts.get("kind", ""), "")},
            str(_REASONS.get(row.facts.get("reason", ""), "")),
            row.actor.name if row.actor else "",
        )
        for row in rows
        if asked.is_older(row.at, row.pk)
    ]


def name_for(viewer: StaffMember, customer: Customer | None) -> str:
    """Return a name as the viewer may see it, "" for nobody or somebody out of sight."""
    return (seen_name(viewer=viewer, customer=customer) or str(customer)) if customer else ""
