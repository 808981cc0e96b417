"""What the rooms refuse, in one translatable sentence for each code; words_errors.py takes them all in."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NOT_YOURS = _("This customer does not exist, or is not yours to see.")

REFUSALS: dict[str, Promise] = {
    # customers
    "customer_unknown": _NOT_YOURS,
    "buyer_unknown": _NOT_YOURS,
    "customer_merged": _("This archive was merged into another one."),
    "pair_unknown": _("This pair does not exist, or is not yours to see."),
    "merge_unknown": _("This merge does not exist, or is not yours to see."),
    "same_archive": _("These are not two archives."),
    "undo_newer_first": _("Another archive was merged into this one later; undo that first."),
    "choice_wrong": _("Choose for each field which of the two values stays."),
    "customer_empty": _("Give at least a name, a phone or a card number."),
    "field_wrong": _("This cannot be taken as it is; shorten it or write it again."),
    "card_taken": _("This card number belongs to another customer."),
    "source_key_taken": _("This key of an outside system belongs to another customer."),
    "contact_refused": _("This cannot be read; check it sign by sign."),
    "importance_wrong": _("Say how important, and why."),
    "team_part_wrong": _("Say what this person does in the team."),
    "reveals_used_up": _(
        "You have been shown {quota} contacts and pieces of such customers today, which is the limit. "
        "Ask your manager to call, or the owner to raise it."
    ),
    "proof_of_self_missing": _("Prove once more who you are: this is specially protected."),
    "second_person_missing": _("This is shown once a second person has agreed, and then for one look."),
    "permit_not_needed": _("Nobody has to agree to this: it can be shown to you at once."),
    "alone_too_soon": _("Wait until the time is over; then you can look alone."),
    "not_alone": _("There is somebody else in the house who can agree; ask them."),
    "alone_wait_wrong": _("Let them wait 12 to 168 whole hours."),
    "permit_not_open": _("This does not wait for anybody any more."),
    "permit_reason_wrong": _("Choose a reason."),
    "permit_unknown": _("This does not exist, or is not yours to see."),
    "quota_wrong": _("A limit is a whole number from 0 to 1,000."),
    "reason_missing": _("Say what the contact is needed for."),
    "date_kind_wrong": _("This is not a kind of date."),
    "date_in_use": _("This date is on somebody's list already; change its day instead of removing it."),
    "trait_wrong": _("This value cannot be taken as it is."),
    "tag_wrong": _("A tag has 1 to 40 signs."),
    "view_name_wrong": _("Give the list a name of 1 to 60 signs."),
    "filter_wrong": _("One of the filters cannot have this value; take it away and choose again."),
    "cursor_wrong": _("The list has moved on; open it again from the beginning."),
    "several_known": _("{count} customers have this phone; choose the right one by name."),
    "interaction_wrong": _("This note cannot be taken as it is; shorten it."),
    # consent
    "purpose_wrong": _("This cannot be agreed to like this; choose again."),
    "proof_missing": _("Say how the consent can be proved."),
    "consent_text_missing": _("There is no text for this yet; nobody can agree to it."),
    "consent_text_moved": _("Somebody published another version meanwhile. Open the text again and read it first."),
    "consent_text_wrong": _("Give the text in every language."),
    "hold_wrong": _("Say what is held, why, and until a day to come."),
    "not_for_children": _("This is never asked of somebody under 14."),
    "identity_unchecked": _("Say how it was checked who is asking."),
    "hours_wrong": _("Choose how long the link is open."),
    "child_without_guardian": _(
        "Under 14 nothing is kept without the guardian. Write down how the guardian agreed, below the birthday."
    ),
    "guardian_missing": _("For somebody under 14 only the guardian can agree."),
    "visit_wrong": _("This part of the visit cannot be taken; shorten it, or choose a day to come."),
    "field_not_known": _("Nothing is known of this yet; write it down first."),
    "freshness_invalid": _("This rule of freshness is wrong: check its field, grades and days."),
    # days
    "day_impossible": _("No calendar has this day; check day, month and year."),
    # care
    "next_date_missing": _("Say when to be in touch next; the day must be after today."),
    "date_out_of_reach": _("Choose a day from {first} to {last}."),
    "task_closed": _("Somebody closed this follow-up already; the list has been brought up to date."),
    "cannot_take_over": _("This person cannot take over customers."),
    # pieces
    "piece_unknown": _("This piece does not exist, or is not yours to see."),
    "bad_piece": _("This cannot be taken as it is; check it and write it again."),
    "serial_taken": _("Another piece has this serial number already."),
    "not_handed_on": _("The piece cannot be handed on like this."),
    "look_reason_missing": _("Say what the piece is looked at for."),
    # notes
    "note_unknown": _("This note does not exist, or is not yours to see."),
    "note_photo_unknown": _("This photo does not exist, or is not yours to see."),
    "mention_unknown": _("This line does not exist, or is not yours to see."),
    "note_stays": _("This note can no longer be taken back."),
    "note_holds_id_number": _("The words hold the number of an identity paper. Leave it out: notes are read by many."),
    "note_holds_bank_number": _(
        "The words hold the number of a bank card or account. Leave it out: notes are read by many."
    ),
    "words_too_private": _(
        "The words speak of health, faith or papers. Write them in a note: there only those who lead read them."
    ),
    "named_cannot_see": _(
        "{names} may not see this note. Name somebody who looks after the customer, or those who lead."
    ),
    "too_many_named": _("A note names {most} people at most."),
    "too_many_note_photos": _("A note takes {most} photos at most."),
    # pictures
    "picture_unreadable": _("This file is not a photo that can be read. Take a JPEG, PNG or WebP."),
    "picture_too_large": _("The photo is larger than {limit_mb} MB or 50 million pixels. Make it smaller."),
    "too_many_photos": _("This piece has enough photos. Take one away first."),
    # grading
    "override_wrong": _("A grade cannot be set by hand like this; check letter, reason and last day."),
    # money and sales
    "amount_refused": _("This is not an amount of money; write it like 1,234.50."),
    "amount_empty": _("The amount is missing."),
    "amount_unreadable": _("This is not an amount of money; write it like 1,234.50."),
    "amount_ambiguous": _("It is not clear which sign separates the decimals; write it like 1,234.50."),
    "amount_too_precise": _("This amount has more than {places} decimal places."),
    "amount_too_large": _("This amount is too large."),
    "sale_without_lines": _("Add at least one piece."),
    "return_without_lines": _("Choose at least one piece that comes back."),
    "quantity_wrong": _("A quantity is a whole number from 1 up."),
    "amount_wrong": _("An amount is 0 or more."),
    "weight_wrong": _("This weight is not possible."),
    "weight_missing": _("{style_no} is sold by gram and needs its weight."),
    "style_missing": _("Each line needs a style or a description."),
    "style_unknown": _("The catalogue has no style {style_no}."),
    "sold_in_future": _("This moment is still to come; a sale is written down when it has happened."),
    "returned_before_sold": _("The pieces were bought after this moment."),
    "shop_unknown": _("You do not sell in this shop."),
    "recipient_unknown": _("The person whom the gift is for is not in your sight."),
    "recipient_buys": _("A gift is for somebody else than who buys it."),
    "link_kind_wrong": _("This is no kind of link."),
    "link_to_self": _("This is the same person."),
    "advisor_unknown": _("This advisor does not sell in this shop."),
    "sale_key_reused": _("This form was sent before with other content; open a new one."),
    "already_returned": _("{left} of these can still come back, {wanted} were asked."),
    "refund_too_high": _("More would be paid back than was paid."),
    "not_returnable": _("This receipt is a return itself; open the sale that the piece was bought in."),
}
