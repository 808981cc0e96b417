"""Puts texts of consent in force: a text is never changed, only followed by a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import ConsentEntry, ConsentText
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.queries.consent import current_texts
from zhenke.customers.rules.consent import PURPOSES
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

LANGUAGES = ("en", "zh-hans")
LONGEST_TEXT = 2_000


class ConsentTextWrong(BadInput):
    """A text is given in English and Chinese, for a purpose that there is."""

    code = "consent_text_wrong"
    message = "Give the text in every language."


class ConsentTextMoved(RuleBroken):
    """Somebody published another version since this one was read."""

    code = "consent_text_moved"
    message = "Somebody published another version meanwhile; read it first."


@transaction.atomic
def load_consent_texts(*, texts: Mapping[str, Mapping[str, str]], by: Viewer, now: datetime) -> int:
    """Put the starting texts in force for purposes that have none yet; return how many were new.

    Errors: ConsentTextWrong.
    Writes: ConsentText.
    Twice:  writes nothing; never touches what the house wrote itself.
    """
    known = set(ConsentText.objects.values_list("purpose", flat=True))
    new = [_text(purpose, words, 1, 1, by, now) for purpose, words in texts.items() if purpose not in known]
    return len(ConsentText.objects.bulk_create(new))


@transaction.atomic
def publish_consent_text(
    *,
    purpose: str,
    words: Mapping[str, str],
    is_new_meaning: bool,
    by: Viewer,
    now: datetime,
    follows: int | None = None,
) -> ConsentText:
    """Put a new version of a text in force; with a new meaning the consents to older versions count no more.

    `follows` is the version that the writer had before her eyes; None asks nothing.

    Errors: NotAllowed; ConsentTextWrong; ConsentTextMoved if another version came meanwhile.
    Writes: ConsentText, one audit line.
    Twice:  the words that are in force already are returned, nothing is written; so is a new meaning that was published
            once and follows the same version.
    """
    require(by, May.EDIT_SETTINGS)
    current = current_texts().get(purpose)
    is_same = current is not None and current.words == _spelled(words)
    is_next = current is None or follows in (None, current.version)
    if current is not None and is_same and (not is_new_meaning or not is_next):
        return current
    if not is_next:
        raise ConsentTextMoved
    version = current.version + 1 if current else 1
    holds_from = current.holds_from if current and not is_new_meaning else version
    return _published(_text(purpose, words, version, holds_from, by, now), by, now)


@transaction.atomic
def republish_consent_text(*, text: ConsentText, by: Viewer, now: datetime) -> ConsentText:
    """Put the words of a former version in force again, as a version of its own.

    What was said to the former one counts again if nobody has said yes to a later text of another meaning; else the
    yes has to be asked anew, because a yes to other words is none to these.

    Errors: NotAllowed; ConsentTextMoved if somebody else publishes at the same instant.
    Writes: ConsentText, one audit line.
    Twice:  the words that are in force already are returned, nothing is written.
    """
    require(by, May.EDIT_SETTINGS)
    current = current_texts()[text.purpose]
    if current.words == text.words:
        return current
    version = current.version + 1
    later = ConsentEntry.objects.filter(
        purpose=text.purpose, state=ConsentEntry.State.GIVEN, text__version__gt=text.version
    )
    if text.version >= current.holds_from:
        holds_from = current.holds_from
    else:
        holds_from = version if later.exists() else text.holds_from
    return _published(_text(text.purpose, text.words, version, holds_from, by, now), by, now)


def _published(text: ConsentText, by: Viewer, now: datetime) -> ConsentText:
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError:  # two at once made the same version: the database took the first
        raise ConsentTextMoved from None
    record(
        action="consent.text_published",
        by=by,
        now=now,
        subject_kind="consent_text",
        subject_id=text.pk,
        purpose=text.purpose,
        version=text.version,
        holds_from=text.holds_from,
    )
    return text


def _spelled(words: Mapping[str, str]) -> dict[str, str]:
    """Return a text as it is kept: one kind of line end, nothing around it."""
    return {language: "\n".join(str(words.get(language, "")).split("\r\n")).strip() for language in LANGUAGES}


def _text(
    purpose: str, words: Mapping[str, str], version: int, holds_from: int, by: Viewer, now: datetime
) -> ConsentText:
    kept = _spelled(words)
    if purpose not in PURPOSES or not all(0 < len(text) <= LONGEST_TEXT for text in kept.values()):
        raise ConsentTextWrong
    return ConsentText(
        purpose=purpose, version=version, words=kept, holds_from=holds_from, made_at=now, made_by_id=hand_of(by)
    )
