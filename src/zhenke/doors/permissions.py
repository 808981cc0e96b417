"""The permission table: every route by name, its methods, and who may use each. The walls serve nothing without a row.

To add a route, add a line:

    "customer": row(GET=PEOPLE, POST=may(May.EDIT_CUSTOMERS)),

- The name is the route's name with its namespace ("api-1:sales").
- Who: `PEOPLE` (everybody who works here), `may(May.…)` (the roles that have this act), `ANYBODY` (also without
  signing in). A method that is not named is refused with 405; a route that names none is closed and looks absent.
- A parameter `customer_id` is the key of a "customer"; one of another name says so: `ids={"pk": "device"}`. Whether the
  caller may see that very object is asked by the query behind the view, and answered with 404 (promise P12).
- `api(…, scope="customers")` is opened by a token instead of a session: GET needs the token's scope "customers:read",
  the other methods "customers:write".
- `is_public` is for answers without anything personal, which caches may keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured

from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.rules import ROLE_MAY, May, Role

ANONYMOUS = "anonymous"
Who = frozenset[str]

PEOPLE: Who = frozenset(role.value for role in Role if role != Role.INTEGRATION)
ANYBODY: Who = PEOPLE | {ANONYMOUS}
STRANGERS: Who = frozenset({ANONYMOUS})
PROGRAMS: Who = frozenset({Role.INTEGRATION.value})


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    methods: Mapping[str, Who]
    ids: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    is_public: bool = False

    def who(self, method: str) -> Who | None:
        """Return who may use the method, None if nobody may."""
        return self.methods.get("GET" if method == "HEAD" else method)

    def kind_of(self, parameter: str) -> str:
        """Return what kind of object a parameter of the address is the key of, "" if it is no key."""
        if parameter in self.ids:
            return self.ids[parameter]
        return parameter.removesuffix("_id") if parameter.endswith("_id") else ""


def may(*acts: May) -> Who:
    """Return the people whose role has every one of the acts."""
    return frozenset(role.value for role in Role if set(acts) <= ROLE_MAY[role] and role != Role.INTEGRATION)


def row(*, ids: Mapping[str, str] | None = None, is_public: bool = False, **methods: Who) -> Row:
    """Return a line for pages, which a session opens."""
    return Row(methods=methods, ids=ids or {}, is_public=is_public)


def api(*, scope: str, ids: Mapping[str, str] | None = None, **methods: Who) -> Row:
    """Return a line for programs, which a token with the scope opens."""
    return Row(methods=methods, ids=ids or {}, scope=scope)


def sees_pieces(*ways: Shown) -> Who:
    """Return the people who are shown what customers own in one of these ways."""
    return frozenset(role for role in PEOPLE if sight_of(role).pieces in ways)


class UndeclaredRoute(ImproperlyConfigured):
    """A route without a row in the permission table; it is never served."""


CLOSED = row()
SEES_PIECES = sees_pieces(Shown.FULL, Shown.REVEAL, Shown.MASKED)
SEES_PHOTOS = sees_pieces(Shown.FULL, Shown.REVEAL)
SEES_NOTES = frozenset(role for role in PEOPLE if sight_of(role).notes)
SEES_LOOKS = frozenset(role for role in PEOPLE if sight_of(role).of("looks") == Shown.FULL)
SEES_CONSENTS = frozenset(role for role in PEOPLE if sight_of(role).of("consent") == Shown.FULL)
EDITS_PIECES = may(May.EDIT_CUSTOMERS) & SEES_PIECES
SHARES_PIECES = may(May.EDIT_CUSTOMERS) & sees_pieces(Shown.FULL)

SIGN_IN = {
    "account_login": row(GET=ANYBODY, POST=ANYBODY),
    "account_logout": row(GET=PEOPLE, POST=PEOPLE),
    "account_inactive": row(GET=ANYBODY),
    "account_reauthenticate": row(GET=PEOPLE, POST=PEOPLE),
    "account_change_password": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_index": row(GET=PEOPLE),
    "mfa_authenticate": row(GET=STRANGERS, POST=STRANGERS),
    "mfa_reauthenticate": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_activate_totp": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_deactivate_totp": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_view_recovery_codes": row(GET=PEOPLE),
    "mfa_generate_recovery_codes": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_download_recovery_codes": row(GET=PEOPLE),
    "mfa_list_webauthn": row(GET=PEOPLE),
    "mfa_add_webauthn": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_reauthenticate_webauthn": row(GET=PEOPLE, POST=PEOPLE),
    "mfa_remove_webauthn": row(GET=PEOPLE, POST=PEOPLE, ids={"pk": "device"}),
    "mfa_edit_webauthn": row(GET=PEOPLE, POST=PEOPLE, ids={"pk": "device"}),
    "mfa_login_webauthn": row(GET=STRANGERS, POST=STRANGERS),
    "usersessions_list": row(GET=PEOPLE, POST=PEOPLE),
    # Accounts are made by the shop, and passwords given anew by it: nobody signs up, nothing goes by e-mail.
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_set_password": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_reset_password": CLOSED,
    "account_reset_password_done": CLOSED,
    "account_reset_password_from_key": CLOSED,
    "account_reset_password_from_key_done": CLOSED,
}

DESK = {
    "today": row(GET=PEOPLE),
    "task_done": row(GET=may(May.FINISH_TASKS), POST=may(May.FINISH_TASKS)),
    "task_undo": row(POST=may(May.FINISH_TASKS)),
    "task_more": row(GET=may(May.FINISH_TASKS)),
    "task_snooze": row(POST=may(May.FINISH_TASKS)),
    "task_give": row(POST=may(May.REASSIGN)),
    "customers": row(GET=PEOPLE),
    "customers_groups": row(GET=PEOPLE),
    "customers_filters": row(GET=PEOPLE),
    "customers_keep": row(GET=PEOPLE, POST=PEOPLE),
    "customers_forget": row(POST=PEOPLE),
    "customers_tag": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customers_give": row(GET=may(May.REASSIGN), POST=may(May.REASSIGN)),
    "duplicates": row(GET=may(May.EDIT_CUSTOMERS)),
    "duplicate": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "duplicate_not_same": row(POST=may(May.EDIT_CUSTOMERS)),
    "duplicate_again": row(POST=may(May.EDIT_CUSTOMERS)),
    "merge_undo": row(POST=may(May.EDIT_CUSTOMERS)),
    "search": row(GET=PEOPLE),
    "reception": row(GET=PEOPLE, POST=PEOPLE),
    "reception_glance": row(GET=PEOPLE),
    "new_customer": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "new_customer_hints": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer": row(GET=PEOPLE),
    "customer_call": row(POST=may(May.FINISH_TASKS)),
    "customer_reveal": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_ask_permit": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer_known": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_visit": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_note": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "note_undo": row(POST=may(May.EDIT_CUSTOMERS)),
    "note_photo": row(GET=SEES_NOTES),
    "note_photo_drop": row(POST=may(May.EDIT_CUSTOMERS)),
    "mention_open": row(POST=SEES_NOTES),
    "mention_seen": row(POST=SEES_NOTES),
    "mention_unseen": row(POST=SEES_NOTES),
    "customer_task": row(GET=may(May.FINISH_TASKS), POST=may(May.FINISH_TASKS)),
    "customer_date": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_date_remove": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer_trait": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer_traits": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_tag": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer_person": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_contact": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_link": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_link_drop": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer_link_again": row(POST=may(May.EDIT_CUSTOMERS)),
    "customer_consent": row(GET=PEOPLE, POST=may(May.EDIT_CUSTOMERS)),
    "customer_consent_proof": row(GET=SEES_CONSENTS),
    "customer_rights": row(GET=may(May.HONOUR_RIGHTS)),
    "customer_copy": row(POST=may(May.HONOUR_RIGHTS)),
    "customer_forget": row(POST=may(May.HONOUR_RIGHTS)),
    "customer_looks": row(GET=SEES_LOOKS),
    "customer_grade": row(GET=may(May.OVERRIDE_GRADE), POST=may(May.OVERRIDE_GRADE)),
    "customer_importance": row(GET=may(May.SET_IMPORTANCE), POST=may(May.SET_IMPORTANCE)),
    "customer_team": row(GET=may(May.SET_IMPORTANCE), POST=may(May.SET_IMPORTANCE)),
    "piece_new": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece": row(GET=SEES_PIECES),
    "piece_edit": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_stone": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_certificate": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_inspection": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_valuation": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_inspected": row(POST=EDITS_PIECES),
    "piece_inspected_undo": row(POST=EDITS_PIECES),
    "piece_photo_add": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_photo": row(GET=SEES_PHOTOS),
    "piece_photo_drop": row(POST=EDITS_PIECES),
    "piece_reveal": row(GET=SEES_PHOTOS, POST=SEES_PHOTOS),
    "piece_ask_permit": row(POST=SEES_PHOTOS),
    "piece_hand_on": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_meant_for": row(GET=EDITS_PIECES, POST=EDITS_PIECES),
    "piece_share": row(GET=SHARES_PIECES, POST=SHARES_PIECES),
    "piece_share_close": row(POST=SHARES_PIECES),
    # Whoever has the link: its secret stands in for signing in, see catalogue/queries/shares.py.
    "shared_piece": row(GET=ANYBODY),
    "shared_piece_photo": row(GET=ANYBODY),
    "sign_up_link": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    # Whoever has the link may write herself down, and is shown nothing: see customers/queries/sign_up.py.
    "join": row(GET=ANYBODY, POST=ANYBODY),
    "counter_sale": row(GET=may(May.RECORD_SALES), POST=may(May.RECORD_SALES)),
    "sale_buyers": row(GET=may(May.RECORD_SALES)),
    "sale_styles": row(GET=may(May.RECORD_SALES)),
    "sale_recipient": row(GET=may(May.RECORD_SALES)),
    "sale_line": row(GET=may(May.RECORD_SALES)),
    "sale": row(GET=PEOPLE - {Role.MARKETING.value}),  # sees amounts of crowds, never one person's receipt
    "sale_gift": row(GET=may(May.RECORD_SALES), POST=may(May.RECORD_SALES)),
    "sale_return": row(GET=may(May.RECORD_SALES), POST=may(May.RECORD_SALES)),
    "imports": row(GET=may(May.IMPORT), POST=may(May.IMPORT)),
    "import": row(GET=may(May.IMPORT)),
    "import_columns": row(GET=may(May.IMPORT), POST=may(May.IMPORT)),
    "import_take": row(POST=may(May.IMPORT)),
    "import_resume": row(POST=may(May.IMPORT)),
    "import_drop": row(POST=may(May.IMPORT)),
    "import_undo": row(POST=may(May.IMPORT)),
    "import_reject_file": row(GET=may(May.IMPORT)),
    "messages": row(GET=may(May.SEE_MESSAGES)),
    "message_settle": row(POST=may(May.SEE_MESSAGES)),
    "message_templates": row(GET=may(May.SEE_MESSAGES)),
    "message_template": row(GET=may(May.SEE_MESSAGES), POST=may(May.EDIT_SETTINGS)),
    "message_template_again": row(POST=may(May.EDIT_SETTINGS)),
    "message_rules": row(GET=may(May.SEE_MESSAGES), POST=may(May.EDIT_SETTINGS)),
    "message_rules_again": row(POST=may(May.EDIT_SETTINGS)),
    "exports": row(GET=may(May.EXPORT)),
    "export_new": row(GET=may(May.EXPORT), POST=may(May.EXPORT)),
    "export": row(GET=may(May.EXPORT)),
    "export_decide": row(POST=may(May.EXPORT)),
    "export_withdraw": row(POST=may(May.EXPORT)),
    "export_download": row(POST=may(May.EXPORT)),
    "grading": row(GET=may(May.SEE_GRADING)),
    "grading_preview": row(GET=may(May.SEE_GRADING)),
    "grading_publish": row(POST=may(May.PUBLISH_GRADING)),
    "grading_roll_back": row(POST=may(May.PUBLISH_GRADING)),
    "grading_regrade": row(GET=may(May.SEE_GRADING), POST=may(May.PUBLISH_GRADING)),
    "membership": row(GET=may(May.SEE_PROGRAMME)),
    "programme_rules": row(GET=may(May.SEE_PROGRAMME)),
    "programme_preview": row(GET=may(May.SEE_PROGRAMME)),
    "programme_publish": row(POST=may(May.PUBLISH_PROGRAMME)),
    "programme_roll_back": row(POST=may(May.PUBLISH_PROGRAMME)),
    "rewards": row(GET=PEOPLE),
    "reward_new": row(GET=may(May.PUBLISH_PROGRAMME), POST=may(May.PUBLISH_PROGRAMME)),
    "reward": row(GET=may(May.PUBLISH_PROGRAMME), POST=may(May.PUBLISH_PROGRAMME)),
    "reward_end": row(POST=may(May.PUBLISH_PROGRAMME)),
    "reward_offer": row(POST=may(May.PUBLISH_PROGRAMME)),
    "reward_offer_end": row(POST=may(May.PUBLISH_PROGRAMME)),
    "points_waiting": row(GET=may(May.ADJUST_POINTS)),
    "points_decide": row(POST=may(May.ADJUST_POINTS)),
    "customer_points": row(GET=PEOPLE - {Role.MARKETING.value}, POST=may(May.ADJUST_POINTS)),
    "hand_over": row(GET=may(May.GIVE_RIGHTS), POST=may(May.GIVE_RIGHTS)),
    "customer_rewards": row(GET=PEOPLE - {Role.MARKETING.value}),
    "coupon_give": row(POST=may(May.GIVE_RIGHTS)),
    "reward_redeem": row(POST=may(May.GIVE_RIGHTS)),
    "redemption_code": row(POST=may(May.GIVE_RIGHTS)),
    "redemption_cancel": row(POST=may(May.GIVE_RIGHTS)),
    "customer_membership": row(GET=PEOPLE - {Role.MARKETING.value}),
    "customer_right": row(POST=may(May.GIVE_RIGHTS)),
    "customer_right_undo": row(POST=may(May.GIVE_RIGHTS)),
    "board": row(GET=may(May.SEE_BOARD)),
    "records": row(GET=PEOPLE),
    "conflicts": row(GET=may(May.EDIT_CUSTOMERS)),
    "customer_claims": row(GET=may(May.EDIT_CUSTOMERS), POST=may(May.EDIT_CUSTOMERS)),
    "customer_claim_undo": row(POST=may(May.EDIT_CUSTOMERS)),
    "reveals": row(GET=may(May.REASSIGN), POST=may(May.EDIT_SETTINGS)),
    "permits": row(GET=SEES_PHOTOS),
    "permit_decide": row(POST=may(May.SET_IMPORTANCE)),
    "permit_alone": row(POST=may(May.SET_IMPORTANCE)),
    "permit_wait": row(POST=may(May.EDIT_SETTINGS)),
    "settings": row(GET=may(May.EDIT_SETTINGS) | may(May.SEE_AUDIT)),
    "settings_roles": row(GET=may(May.EDIT_SETTINGS)),
    "settings_shops": row(GET=may(May.EDIT_SETTINGS)),
    "settings_shop_new": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_shop": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_staff": row(GET=may(May.EDIT_STAFF)),
    "settings_staff_new": row(GET=may(May.EDIT_STAFF), POST=may(May.EDIT_STAFF)),
    "settings_staff_member": row(GET=may(May.EDIT_STAFF), POST=may(May.EDIT_STAFF)),
    "settings_staff_password": row(POST=may(May.EDIT_STAFF)),
    "settings_staff_leave": row(GET=may(May.EDIT_STAFF), POST=may(May.EDIT_STAFF)),
    "settings_plans": row(GET=may(May.EDIT_SETTINGS)),
    "settings_plan": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_fields": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_field": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_freshness": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_freshness_back": row(POST=may(May.EDIT_SETTINGS)),
    "settings_consents": row(GET=may(May.EDIT_SETTINGS)),
    "settings_consent": row(GET=may(May.EDIT_SETTINGS), POST=may(May.EDIT_SETTINGS)),
    "settings_consent_again": row(POST=may(May.EDIT_SETTINGS)),
    # What must be kept is for those who stand for the law: who may read the trail reads it, the owner writes it.
    "settings_holds": row(GET=may(May.SEE_AUDIT), POST=may(May.EDIT_SETTINGS)),
    "settings_hold_lift": row(POST=may(May.EDIT_SETTINGS)),
    "settings_programs": row(GET=may(May.EDIT_STAFF), POST=may(May.EDIT_STAFF)),
    "settings_program_revoke": row(POST=may(May.EDIT_STAFF)),
    "settings_program_resume": row(POST=may(May.EDIT_STAFF)),
    "settings_protected": row(GET=may(May.EDIT_SETTINGS)),
    "settings_anchors": row(GET=may(May.SEE_AUDIT)),
    "settings_trail": row(GET=may(May.SEE_AUDIT)),
    "me": row(GET=PEOPLE),
    "set_language": row(POST=ANYBODY),
}

# Programs come with a token; a session opens none of these (doors/api/access.py says why). The contract itself holds
# nothing of anybody, so it may be read by everybody; its page with buttons is for people who work here.
API: dict[str, Row] = {
    "api-1:openapi-json": row(GET=ANYBODY, is_public=True),
    "api-1:openapi-view": row(GET=PEOPLE),
    "api-1:api-root": CLOSED,
    "api-1:customers": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:customer-search": api(scope="customers", GET=PROGRAMS),
    "api-1:customer": api(scope="customers", GET=PROGRAMS, PATCH=PROGRAMS),
    "api-1:freshness": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:visits": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:customer-traits": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:fields": api(scope="customers", GET=PROGRAMS),
    "api-1:links": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:link-drop": api(scope="customers", POST=PROGRAMS),
    "api-1:consents": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:guardian": api(scope="customers", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:records": api(scope="customers", GET=PROGRAMS),
    "api-1:team": api(scope="customers", GET=PROGRAMS),
    "api-1:timeline": api(scope="customers", GET=PROGRAMS),
    "api-1:duplicates": api(scope="customers", GET=PROGRAMS),
    "api-1:duplicate-merge": api(scope="customers", POST=PROGRAMS),
    "api-1:duplicate-not-same": api(scope="customers", POST=PROGRAMS),
    "api-1:merge-undo": api(scope="customers", POST=PROGRAMS),
    "api-1:gifts": api(scope="sales", GET=PROGRAMS),
    "api-1:customer-pieces": api(scope="pieces", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:piece": api(scope="pieces", GET=PROGRAMS),
    "api-1:piece-inspections": api(scope="pieces", POST=PROGRAMS),
    "api-1:membership": api(scope="membership", GET=PROGRAMS),
    "api-1:right-use": api(scope="membership", POST=PROGRAMS),
    "api-1:points-quote": api(scope="membership", POST=PROGRAMS),
    "api-1:points-hold": api(scope="membership", POST=PROGRAMS),
    "api-1:points-cancel": api(scope="membership", POST=PROGRAMS),
    "api-1:programme": api(scope="membership", GET=PROGRAMS),
    "api-1:sales": api(scope="sales", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:sale": api(scope="sales", GET=PROGRAMS),
    "api-1:returns": api(scope="sales", POST=PROGRAMS),
    "api-1:tasks": api(scope="tasks", GET=PROGRAMS, POST=PROGRAMS),
    "api-1:task": api(scope="tasks", GET=PROGRAMS),
    "api-1:task-finish": api(scope="tasks", POST=PROGRAMS),
    "api-1:task-snooze": api(scope="tasks", POST=PROGRAMS),
    "api-1:task-reassign": api(scope="tasks", POST=PROGRAMS),
    "api-1:grades": api(scope="grades", GET=PROGRAMS),
    "api-1:grade": api(scope="grades", GET=PROGRAMS),
    "api-1:imports": api(scope="imports", POST=PROGRAMS),
    "api-1:import": api(scope="imports", GET=PROGRAMS),
    "api-1:import-rejects": api(scope="imports", GET=PROGRAMS),
}
# The provider of SMS has no token: its signature stands in for one, see messaging/channels/sms/notices.py.
HOOKS = {"sms_hook": row(POST=ANYBODY)}
SCOPES: tuple[str, ...] = tuple(
    sorted(
        {
            f"{row.scope}:{'read' if method == 'GET' else 'write'}"
            for row in API.values()
            if row.scope
            for method in row.methods
        }
    )
)

ROUTES: dict[str, Row] = {**SIGN_IN, **DESK, **API, **HOOKS}
