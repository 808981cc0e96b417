"""A customer asks what the house knows of her: all of it, from every room, for her to read and to take along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.care.queries.access_pack import care_told
from zhenke.catalogue.queries.access_pack import piece_keys_of, pieces_told
from zhenke.customers.models import Customer
from zhenke.customers.operations.rights import record_pack
from zhenke.customers.queries.access_pack import archive_told
from zhenke.customers.rules.exports import ExportLimits
from zhenke.grading.queries.access_pack import grade_told
from zhenke.membership.queries.access_pack import points_told
from zhenke.membership.queries.access_pack_rewards import rewards_told
from zhenke.membership.queries.access_pack_tiers import membership_told
from zhenke.messaging.queries.access_pack import messages_told
from zhenke.sales.queries.access_pack import purchases_told
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer

# Each column that points at a customer: the section that tells it, or why it is not told. A column without a line fails
# tests/journeys/test_rights_rules.py.
TOLD = {
    "customers_contactpoint.customer_id": "contacts",
    "customers_customerdate.customer_id": "days",
    "customers_trait.customer_id": "known",
    "customers_claim.customer_id": "said_otherwise",
    "customers_customertag.customer_id": "tags",
    "customers_interaction.customer_id": "happened",
    "customers_customerlink.first_id": "family",
    "customers_customerlink.second_id": "family",
    "customers_consententry.customer_id": "consents",
    "customers_formerkey.customer_id": "person",
    "customers_membersession.customer_id": "sign_ins",
    "customers_erasurerequest.customer_id": "requests",
    "customers_merge.winner_id": "merges",
    "customers_duplicatepair.first_id": "possible_doubles",
    "customers_duplicatepair.second_id": "possible_doubles",
    "sales_sale.customer_id": "purchases",
    "sales_saleline.gift_for_id": "gifts",
    "catalogue_piece.customer_id": "pieces",
    "catalogue_piece.wearer_id": "worn",
    "membership_membership.customer_id": "tier",
    "membership_tierchange.customer_id": "tier_moves",
    "membership_rightuse.customer_id": "rights_given",
    "membership_redemption.customer_id": "rewards_taken",
    "membership_coupon.customer_id": "coupons",
    "membership_pointsaccount.customer_id": "points",
    "grading_grade.customer_id": "grade",
    "grading_gradechange.customer_id": "grade_moves",
    "grading_gradeoverride.customer_id": "grade_by_hand",
    "messaging_message.customer_id": "messages",
    "care_task.customer_id": "follow_ups",
    "care_occasion.customer_id": "coming_days",
}
NOT_TOLD = {
    "customers_customerteam.customer_id": "who of the staff looks after her is the house's; she knows them",
    "customers_protectedview.customer_id": "who looked is told by the list of who saw her archive",
    "customers_lookpermit.customer_id": "who asked and agreed to a look is the house's; the looks are in their list",
    "customers_memberpasskey.customer_id": "public keys of her own devices, which say nothing of her",
    "customers_signincode.customer_id": "hashes of codes, kept for two days to count them",
    "customers_legalhold.customer_id": "what is kept by law, and why, is told when she asks to be forgotten",
    "customers_visitcompanion.customer_id": "a visit is told to the one who made it; who came along is about others",
    "customers_searchterm.customer_id": "spellings made of her name alone, which is told",
    "customers_customer.referrer_id": "whom she brought is about them; that somebody brought her is told",
    "membership_pointsproposal.customer_id": "what somebody would give or take and nobody agreed to is the house's; "
    "what was given or taken is told with her points",
    "catalogue_pieceowner.from_customer_id": "a piece she gave away is somebody else's now",
    "catalogue_pieceowner.to_customer_id": "who had the piece before is about them; that it is hers is told",
}
Pack = dict[str, list[dict[str, Any]]]


@transaction.atomic
def gather_access_pack(*, customer: Customer, checked: str, limits: ExportLimits, by: Viewer, now: datetime) -> Pack:
    """Return everything that the house knows of one customer, by section, and leave the mark that it was handed out.

    What is about others is left out: their names, who gave what to whom, notes of the staff; a surprise for her is not
    told before its day. Nothing is kept: the copy lives only in the answer.

    Errors: NotAllowed; CustomerUnknown unless in sight; IdentityUnchecked; CopiesUsedUp.
    Writes: one audit line, and for a member of staff the count of copies.
    Twice:  a second copy, a second line.
    """
    found = record_pack(customer=customer, checked=checked, limits=limits, by=by, now=now)
    today = local_date(now, found.shop.time_zone)
    pieces = piece_keys_of(viewer=SYSTEM, customer=found)
    return {
        **archive_told(customer=found, pieces=pieces),
        **purchases_told(customer=found, now=now),
        **pieces_told(customer=found, today=today),
        **membership_told(customer=found),
        **rewards_told(customer=found),
        **points_told(customer=found, today=today),
        **grade_told(customer=found),
        **messages_told(customer=found),
        **care_told(customer=found),
    }
