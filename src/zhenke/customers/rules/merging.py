"""What becomes of the rows and fields of two archives that are one person: rules as data, and which value wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhenke.basics.errors import BadInput
from zhenke.basics.merging import Pointer

# One line for each column of this room that holds the key of a customer; tests/journeys/test_merge_rules.py misses one.
POINTERS = (
    Pointer("customers_contactpoint", once=("kind", "blind_index")),
    Pointer("customers_customertag", once=("tag_id",)),
    Pointer("customers_trait", once=("key", "text")),
    Pointer("customers_interaction"),
    Pointer("customers_visitcompanion", once=("visit_id",)),
    Pointer("customers_formerkey"),
    Pointer("customers_merge", "winner_id"),
    Pointer("customers_customerdate", own="of two days of one kind the chosen one stays"),
    Pointer("customers_customer", "referrer_id", own="nobody is brought by herself"),
    Pointer("customers_searchterm", own="the words follow the name that wins"),
    Pointer("customers_customerlink", "first_id", own="a pair keeps its order and its direction"),
    Pointer("customers_customerlink", "second_id", own="as first_id"),
    Pointer("customers_duplicatepair", "first_id", own="a pair keeps its order, and not_same is kept for ever"),
    Pointer("customers_duplicatepair", "second_id", own="as first_id"),
    Pointer("customers_consententry", own="the stricter of the two wins"),
    Pointer("customers_customerteam", once=("member_id",)),
    Pointer("customers_protectedview"),
    Pointer("customers_claim", own="one that the winner has already comes along decided"),
    Pointer("customers_lookpermit"),
    Pointer("customers_legalhold"),
    Pointer("customers_signincode"),
    Pointer("customers_membersession"),
    Pointer("customers_memberpasskey"),
    Pointer("customers_erasurerequest"),
)
# Columns that hold the key of a customer without pointing at a row: they tell of the past and stay as they are: a kept
# answer tells of the key in its address, and a look is asked for at the key of a contact or a piece, which moves. What
# a message came of is a key of its own kind, and the consent that allowed it stays with the archive that has it.
PAST = (
    "customers_lookpermit.subject_id",
    "customers_merge.loser_key",
    "messaging_message.cause_id",
    "messaging_message.consent_key",
    "staff_auditentry.subject_id",
    "staff_storedreply.about",
)

CHOICES = ("winner", "loser", "both")
JOINED = ("notes", "caution")
PLAIN = ("name", "kind", "gender", "source", "region", "language", "channel", "hour_preference", "first_met_date")
KEYS = ("card_number", "source_key")
PLACE = ("shop_id", "owner_id", "cover_id")
IMPORTANCE = ("importance", "importance_reason", "importance_by_id", "importance_at")
FIELDS = (*PLAIN, "card_number", "place", *JOINED)
_LONGEST_CAUTION = 200
Fields = Mapping[str, Any]


class ChoiceWrong(BadInput):
    """A choice for a field that has none, or that is neither winner nor loser. Facts: `field`."""

    code = "choice_wrong"
    message = "Choose for {field} which of the two values stays."


@dataclass(frozen=True, slots=True)
class MergedFields:
    """The fields of the archive that stays, and the keys (kind, text) that it answers to besides."""

    fields: dict[str, Any]
    former: tuple[tuple[str, str], ...]


def checked_choices(choices: Mapping[str, str]) -> dict[str, str]:
    """Return the choices. Errors: ChoiceWrong."""
    for field, choice in choices.items():
        is_known = field in FIELDS or field.startswith("date:")
        if not is_known or choice not in CHOICES or (choice == "both" and field not in JOINED):
            raise ChoiceWrong(field=field if is_known else "")
    return dict(choices)


def merged_fields(*, winner: Fields, loser: Fields, choices: Mapping[str, str]) -> MergedFields:
    """Return what the archive that stays says of the person.

    Unless it was chosen otherwise the winner's value stays and the loser's fills what it does not know; notes and
    cautions are kept of both, the earlier of two first meetings, the higher importance, and the hotline of either.

    Example: caution "nickel" and "no gold-plated" -> "nickel; no gold-plated"
    """
    fields: dict[str, Any] = {}
    for field in PLAIN:
        fields[field] = _chosen(winner[field], loser[field], choices.get(field, "winner"))
    if "first_met_date" not in choices:
        days = [day for day in (winner["first_met_date"], loser["first_met_date"]) if day]
        fields["first_met_date"] = min(days, default=None)
    place = loser if choices.get("place") == "loser" or (not winner["owner_id"] and loser["owner_id"]) else winner
    place = winner if choices.get("place") == "winner" else place
    fields |= {field: place[field] for field in PLACE}
    higher = loser if loser["importance"] > winner["importance"] else winner
    fields |= {field: higher[field] for field in IMPORTANCE}
    fields["has_hotline"] = winner["has_hotline"] or loser["has_hotline"]
    for field in JOINED:
        choice = choices.get(field, "both")
        joined = _joined(field, winner[field], loser[field]) if choice == "both" else None
        fields[field] = joined if joined is not None else _chosen(winner[field], loser[field], choice)
    former = []
    for field in KEYS:
        fields[field] = _chosen(winner[field], loser[field], choices.get(field, "winner"))
        former += [(field, side[field]) for side in (winner, loser) if side[field] and side[field] != fields[field]]
    return MergedFields(fields, tuple(former))


def merged_confirmed(*, winner: Fields, loser: Fields, fields: Fields) -> dict[str, Any]:
    """Return who confirmed which field when: of the side whose value stays, of both the winner."""
    kept = dict(winner["confirmed"])
    for field, told in loser["confirmed"].items():
        if field in fields and fields[field] == loser[field] and fields[field] != winner[field]:
            kept[field] = told
    return kept


def _chosen(winner: Any, loser: Any, choice: str) -> Any:
    first, second = (loser, winner) if choice == "loser" else (winner, loser)
    return first or second


def _joined(field: str, winner: str, loser: str) -> str | None:
    parts = list(dict.fromkeys(part for part in (winner.strip(), loser.strip()) if part))
    text = ("; " if field == "caution" else "\n").join(parts)
    return text if field == "notes" or len(text) <= _LONGEST_CAUTION else None
