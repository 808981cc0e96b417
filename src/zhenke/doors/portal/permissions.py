"""The member site's own permission table: every route of its URL map, its methods, and who may use each.

There are three callers and no roles: `anonymous`; `unproved`, who gave a code on a new device and has not yet said what
only she knows; `member`. No address holds a key of anybody: what is hers is found from her session, and other things by
references that are good in that session alone (`references.py`).
"""

from __future__ import annotations

from zhenke.doors.permissions import ANONYMOUS, Row, Who, row

UNPROVED, MEMBER = "unproved", "member"
CALLERS = (ANONYMOUS, UNPROVED, MEMBER)
MEMBERS: Who = frozenset({MEMBER})
STRANGERS: Who = frozenset({ANONYMOUS})
HALF_IN: Who = frozenset({UNPROVED})
WHO_IS_IN: Who = frozenset({UNPROVED, MEMBER})
EVERYBODY: Who = frozenset(CALLERS)

ROUTES: dict[str, Row] = {
    "member_sign_in": row(GET=STRANGERS, POST=STRANGERS),
    "member_code": row(GET=STRANGERS, POST=STRANGERS),
    "member_enter": row(POST=STRANGERS),
    "member_known": row(GET=HALF_IN, POST=HALF_IN),
    "member_sign_out": row(POST=WHO_IS_IN),
    "member_language": row(POST=EVERYBODY),
    "member_card": row(GET=MEMBERS),
    "member_card_code": row(GET=MEMBERS),
    "member_points": row(GET=MEMBERS),
    "member_rewards": row(GET=MEMBERS),
    "member_reward_take": row(POST=MEMBERS),
    "member_coupon_claim": row(POST=MEMBERS),
    "member_reward_code": row(POST=MEMBERS),
    "member_reward_cancel": row(POST=MEMBERS),
    "member_pieces": row(GET=MEMBERS),
    "member_piece": row(GET=MEMBERS),
    "member_piece_photo": row(GET=MEMBERS),
    "member_consent": row(GET=MEMBERS, POST=MEMBERS),
    "member_mine": row(GET=MEMBERS),
    "member_correct": row(GET=MEMBERS, POST=MEMBERS),
    "member_looks": row(GET=MEMBERS),
    "member_prove": row(GET=MEMBERS, POST=MEMBERS),
    "member_passkeys": row(GET=MEMBERS, POST=MEMBERS),
    "member_copy": row(GET=MEMBERS, POST=MEMBERS),
    "member_forget": row(GET=MEMBERS, POST=MEMBERS),
    "member_manifest": row(GET=EVERYBODY, is_public=True),
    "member_worker": row(GET=EVERYBODY, is_public=True),
    "member_offline": row(GET=EVERYBODY, is_public=True),
}
