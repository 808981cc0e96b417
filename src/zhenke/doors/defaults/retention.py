"""How long what is kept, in days (promises.md §3.5); a lawyer of the house confirms the figures.

What has a rhythm of its own is not here: answers to programs end after a week (`drop_old_replies`), receipts stay ten
years as books, the audit trail is a chain and stays whole, consents go with the archive.
"""

from __future__ import annotations

RETENTION_DAYS: dict[str, int] = {
    "import_rejects": 30,  # refused rows of a file, and files that were handed in
    "sign_up_links": 30,  # after their end
    "prospects": 730,  # never bought, no contact: forgotten
    "silent_members": 1_095,  # bought once, silent since: asked first
    "asked_to_stay": 90,  # asked, and nothing was heard: forgotten
    "children_asked": 30,  # under 14 with no guardian's yes: the parents are asked, then forgotten
}
