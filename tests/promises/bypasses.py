"""Forty ways around the limits of exports: each is tried, or it is not there, or it is open, and which is said here.

`COUNTED`, `REFUSED`, `COVERED` and `NAMED` are tried by a function of test_bypasses.py of the same number. `ABSENT`
ways do not exist in the product: a route or command whose name matches the pattern fails the test until it is tried.
`OPEN` ways exist and are neither counted nor refused; nothing of them is a pass.
"""

from __future__ import annotations

from dataclasses import dataclass

COUNTED, REFUSED, COVERED, NAMED, ABSENT, OPEN = "counted", "refused", "covered", "named", "absent", "open"


@dataclass(frozen=True)
class Way:
    """One way out of the house: `sign` is what an absent way would be called, `says` what is open about an open one."""

    number: int
    what: str
    kind: str
    sign: str = ""
    says: str = ""


WAYS = (
    Way(1, "page after page of the list of customers", COUNTED),
    Way(2, "an own mark in the list's address, to jump", REFUSED),
    Way(3, "a larger page by the list's address", COVERED),
    Way(4, "very many first pages of narrow filters", COUNTED),
    Way(5, "a search for one letter or one digit", COVERED),
    Way(6, "ends of phones tried one after the other at reception", COVERED),
    Way(7, "a filter or an order by what is masked", REFUSED),
    Way(8, "an export by an advisor", REFUSED),
    Way(9, "an export by marketing, service or auditor", REFUSED),
    Way(10, "one export of everybody", COUNTED),
    Way(11, "forty small exports on one day", COUNTED),
    Way(12, "one small export a day for a month", COUNTED),
    Way(13, "the same people as CSV and as Excel", COUNTED),
    Way(14, "an export that is fetched and then taken back", COUNTED),
    Way(15, "a column of level 4 in a small export", COUNTED),
    Way(16, "a column that is not offered, by hand", REFUSED),
    Way(17, "agreeing to one's own export", REFUSED),
    Way(18, "a colleague of the same shop who agrees", REFUSED),
    Way(19, "somebody else's file", REFUSED),
    Way(20, "a file from a desk left open", REFUSED),
    Way(21, "the same file fetched again and again", COUNTED),
    Way(22, "a file after its day", REFUSED),
    Way(23, "the file from the disk of the server", COVERED),
    Way(24, "a part of a file, passed on", NAMED),
    Way(
        25,
        "a file whose signs of no width are filtered out",
        NAMED,
        says="by the column of who was handed it; cut that too, or retype the file, and nobody is named",
    ),
    Way(26, "whole contacts, one by one", COUNTED),
    Way(27, "the call button, again and again", COUNTED),
    Way(28, "whole pieces, one by one", COUNTED),
    Way(29, "looks spread over customers of several degrees of importance", COUNTED),
    Way(30, "the list printed by the browser", NAMED),
    Way(
        31,
        "a screen photographed",
        NAMED,
        says="over what is shown whole; a photo of masked rows, or of the pages of one's own role, names nobody",
    ),
    Way(32, "a program that pages through the API", COVERED),
    Way(33, "a person's session at the API", REFUSED),
    Way(34, "figures of one person on the board or in groups", COVERED),
    Way(35, "copies of everything for very many customers", COUNTED),
    Way(36, "the reject file of somebody else's import", REFUSED),
    Way(37, "labels and envelopes printed", ABSENT, sign="label|envelope|print"),
    Way(38, "a report or list sent by a schedule, mail or feed", ABSENT, sign="schedul|report|feed|ical|digest"),
    Way(39, "a backup downloaded", ABSENT, sign="backup|dump|snapshot"),
    Way(40, "a copy on a phone, or a webhook to outside", ABSENT, sign="offline|sync|webhook|push"),
)
