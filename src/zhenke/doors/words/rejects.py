"""Why a row of a file was refused, and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhenke.doors.words.columns import any_field_word


def column_word(field: str) -> str:
    """Return a field's name for a column that the file does not have."""
    return any_field_word(field)


def reject_reason(code: str, facts: Mapping[str, object]) -> str:
    """Return the sentence of a reason's code; an unknown code is shown as it is."""
    words = _reasons().get(code)
    return words.format(**{"text": "", "limit": "", "count": "", "digits": "", **facts}) if words else code


def _reasons() -> dict[str, str]:
    return {**_row_reasons(), **_contact_reasons(), **_number_reasons(), **_date_reasons(), **_trait_reasons()}


def _trait_reasons() -> dict[str, str]:
    return {
        "channel_unknown": _("“{text}” is no way to reach somebody; write phone, sms, wechat or email."),
        "trait_number": _("“{text}” is no measure; write a number, such as 14 or 15.5."),
        "trait_unit": _("“{text}” is measured in another unit; write {unit}."),
        "trait_range": _("“{text}” cannot be: it lies between {least} and {most} {unit}."),
        "trait_choice": _("“{text}” is none of the choices of this field."),
        "trait_day": _("“{text}” is not a day; write it as 2024-05-06."),
        "trait_yes_no": _("“{text}” is neither yes nor no."),
        "trait_tax_number": _("“{text}” cannot be a tax number: its length or its last sign does not fit."),
    }


def _row_reasons() -> dict[str, str]:
    return {
        "total_row": _("This is a total, not a row of its own; leave it out."),
        "note_row": _("This is a note under the table, not a row; leave it out."),
        "repeated_heading": _("The headings stand here once more; leave this row out."),
        "more_cells_than_headings": _(
            "The row has more cells than there are headings; a separator stands inside a text."
        ),
        "nobody": _("The row names nobody: give a name, a card number or a phone."),
        "receipt_unknown": _("Neither a receipt number nor a buyer: the row cannot be told from others."),
        "receipt_of_another": _("Receipt {text} names another buyer further up; correct the number or the buyer."),
        "receipt_elsewhere": _("Receipt {text} belongs to a shop that you do not look after."),
        "line_number_twice": _("Line {text} of this receipt stands further up and says something else."),
        "child_without_guardian": _(
            "Under 14 nothing is taken in without the guardian's yes. Add this customer by hand with the guardian, or "
            "leave the row out."
        ),
        "says_otherwise": _("A row further up says otherwise of this person: “{text}”. Make both say the same."),
        "note_holds_id_number": _("The words hold the number of an identity paper; leave it out."),
        "note_holds_bank_number": _("The words hold the number of a bank card or account; leave it out."),
        "words_too_private": _(
            "The words speak of health, faith or papers, and everybody would read them here; leave them out and "
            "write a note."
        ),
        "job_without_employer": _("A job needs the organisation: choose its column, or leave the job out."),
        "job_of_organisation": _("“{text}” is a job, and an organisation has none; leave it out."),
        "employer_unknown": _("No organisation “{text}” is known here; add it, or put it further up in the file."),
        "employer_ambiguous": _("Several organisations are called “{text}”; give the card number or key."),
        "link_otherwise": _("The archive says otherwise of these two; change it on the profile."),
        "unit_unknown": _(
            "“{text}” is no unit known here; write amounts in yuan, weights in grams, and say so on top."
        ),
        "error_cell": _("The cell shows an error of the spreadsheet ({text}); enter its value."),
        "shop_unknown": _("There is no shop called “{text}” here; correct it or add the shop first."),
        "advisor_unknown": _("Nobody called “{text}” works here; correct the name or add the person first."),
        "advisor_ambiguous": _("Several people are called “{text}”; give the user name."),
        "customer_elsewhere": _("This customer belongs to a shop that you do not look after."),
        "too_long": _("The text is longer than {limit} characters."),
        "not_text": _("The cell holds characters that are no text."),
        "gender_unknown": _("“{text}” is no gender; write 女, 男 or leave it empty."),
        "kind_unknown": _("“{text}” is no kind of customer; write person, company, government or partner."),
        "language_unknown": _("“{text}” is no language of ours; write zh or en."),
        "gift_wrong": _("“{text}” is neither yes nor no; write yes or leave it empty."),
    }


def _contact_reasons() -> dict[str, str]:
    return {
        "phone_shared": _("{count} customers have this phone; give the card number or the name as it is kept."),
        "phone_ruined_by_spreadsheet": _(
            "The spreadsheet ruined this phone; format the column as text and enter it again."
        ),
        "phone_refused": _("This is not a phone number."),
        "phone_empty": _("The phone number is empty."),
        "phone_unreadable": _("“{text}” holds something other than a phone number; keep notes in another column."),
        "phone_several": _("There is more than one phone number here; give each its own column."),
        "phone_has_extension": _("This phone number ends in an extension; keep the extension as a note."),
        "phone_wrong_length": _("“{text}” has {digits} digits, which is no number that can be dialled."),
        "phone_needs_area_code": _("This landline number needs its area code, such as 0755."),
        "phone_unknown_range": _("No phone number begins like “{text}”; check its first digits."),
        "contact_refused": _("This is not a contact of that kind."),
    }


def _number_reasons() -> dict[str, str]:
    return {
        "number_ruined": _("The spreadsheet ruined this number; format the column as text and enter it again."),
        "id_number_wrong": _(
            "This identity number cannot be right: its length, birth day or check digit does not fit."
        ),
        "quantity_wrong": _("“{text}” is no quantity; write a whole number."),
        "weight_wrong": _("“{text}” is no weight; write grams, such as 3.25."),
        "amount_empty": _("The amount is empty."),
        "amount_refused": _("This is not an amount of money."),
        "amount_unreadable": _("This is not an amount of money."),
        "amount_ambiguous": _("It is not clear which sign separates the decimals; write 1,234.50."),
        "amount_too_precise": _("The amount is finer than a cent; round it where it was calculated."),
        "amount_too_large": _("This is too large for an amount of money."),
        "currency_mismatch": _("The amount is in another currency than the shop's."),
    }


def _date_reasons() -> dict[str, str]:
    return {
        "date_empty": _("The date is empty."),
        "date_wrong": _("There is no such day."),
        "date_impossible": _("{text} cannot be right for this column."),
        "date_refused": _("This is not a date; write it as 2024-05-06."),
        "date_unreadable": _("This is not a date; write it as 2024-05-06."),
        "date_ambiguous": _("Which number is the day and which the month? Write 2024-05-06."),
        "date_year_short": _("The year needs four digits."),
        "date_year_missing": _("The year is missing; write 2024-05-06."),
        "date_has_time": _("Give the day without the time."),
        "date_is_lunar": _("A solar date is needed here."),
        "date_looks_serial": _("This is the inner number of a spreadsheet; format the column as a date."),
        "calendar_ambiguous": _("Solar or lunar? Write 农历八月十五 or 8月15日."),
        "day_impossible": _("There is no such day."),
        "time_wrong": _("This is not a time of day."),
    }
