"""What two customers are to each other, from both ends."""

from __future__ import annotations

from dataclasses import dataclass

from zhenke.basics.errors import BadInput

# A word and the word for the same link from its other end.
KINDS: dict[str, str] = {
    "spouse": "spouse",
    "partner": "partner",
    "child": "parent",
    "parent": "child",
    "guardian": "ward",
    "ward": "guardian",
    "grandchild": "grandparent",
    "grandparent": "grandchild",
    "sibling": "sibling",
    "relative": "relative",
    "friend": "friend",
    "companion": "companion",
    "company_contact": "company",
    "company": "company_contact",
}
# Who works there, and where somebody works: the only links that have a job.
WORK = ("company_contact", "company")
# The order is that of the page; the first two are who a gift is most likely for.
COUPLE = ("spouse", "partner")
HOUSEHOLD = (*COUPLE, "child", "parent", "guardian", "ward", "grandchild", "grandparent", "sibling", "relative")


class LinkKindWrong(BadInput):
    """There is no such link; facts: `kind`."""

    code = "link_kind_wrong"
    message = "{kind} is not a kind of link."


class LinkToSelf(BadInput):
    """A customer cannot be linked to herself."""

    code = "link_to_self"
    message = "This is the same person."


@dataclass(frozen=True, slots=True)
class Pair:
    """A link as it is kept: the smaller key first, and what the second is to the first."""

    first: int
    second: int
    kind: str


def other_end(kind: str) -> str:
    """Return the word for the same link from its other end: her child's word for her is parent.

    Errors: LinkKindWrong.
    """
    if kind not in KINDS:
        raise LinkKindWrong(kind=kind[:24])
    return KINDS[kind]


def pair_of(*, customer: int, other: int, kind: str) -> Pair:
    """Return the link "`other` is the `kind` of `customer`" as it is kept.

    Errors: LinkKindWrong, LinkToSelf.
    """
    back = other_end(kind)
    if customer == other:
        raise LinkToSelf
    return Pair(customer, other, kind) if customer < other else Pair(other, customer, back)


def place_of_kind(kind: str) -> int:
    """Return the place of a kind in a list of links: the partner first, then children, parents and so on."""
    return list(KINDS).index(kind) if kind in KINDS else len(KINDS)
