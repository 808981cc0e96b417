"""What a person reads when a file, a day or an amount cannot be believed; one sentence for each error code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Days and money.
DAYS_AND_MONEY: dict[str, Promise] = {
    "rule_unknown": _("{value} is not a choice for {rule}; choose before or after."),
    "calendar_ambiguous": _("This day can be solar or lunar; write 农历八月十五 or 8月15日."),
    "date_ambiguous": _("It is not clear which number is the day and which the month; write the date as 2024-05-06."),
    "date_empty": _("The date is empty."),
    "date_has_time": _("This is a moment and not a day; give the date without the time of day."),
    "date_is_lunar": _("This is a lunar day and a solar date is needed, such as 2024-05-06."),
    "date_looks_serial": _(
        "This looks like the inner number of a spreadsheet date; say that the column holds such numbers."
    ),
    "date_refused": _("This is not a date."),
    "date_unreadable": _("This is not a date; write it as 2024-05-06."),
    "date_year_missing": _("The year is missing; write the date as 2024-05-06."),
    "date_year_short": _("The year needs four digits, such as 1988."),
    "zone_unknown": _("{zone} is not a time zone such as Asia/Shanghai."),
    "currency_mismatch": _("This amount is in another currency than the one that is needed."),
    "currency_unknown": _("{currency} is not a currency code such as CNY."),
}

# Files that are to become tables.
FILES: dict[str, Promise] = {
    "archive_bomb": _(
        "The file unpacks to more than {limit} times its size, which no ordinary table does. Open it in "
        "your spreadsheet program and save it as CSV."
    ),
    "bad_choice": _("There is no {what} “{choice}” here. Choose one of: {known}."),
    "broken_archive": _("The compressed file is damaged or incomplete. Copy or export it once more."),
    "broken_text": _(
        "After row {row} the file holds bytes that are not {encoding} text. Save it as UTF-8 again, or "
        "choose another encoding."
    ),
    "broken_workbook": _(
        "The workbook is damaged or incomplete. Open it in your spreadsheet program, save it again as XLSX and retry."
    ),
    "cell_too_long": _(
        "A cell after row {row} holds more than {limit} characters. Look there for a quotation mark that "
        "is opened and never closed."
    ),
    "empty_file": _("The file is empty. Check that the export finished and choose the file again."),
    "encoding_unknown": _(
        "The letters of this file can be read in several ways. Choose the one in which the sample looks right."
    ),
    "encrypted_workbook": _(
        "The workbook is protected by a password. Open it, remove the password, save it and choose it again."
    ),
    "file_refused": _("This file cannot be read as a table. Save it as CSV or XLSX and try again."),
    "file_too_heavy": _(
        "Reading this workbook needs far more memory than its size explains. Save the table alone as CSV and try again."
    ),
    "file_too_large": _(
        "The file is larger than {limit_mb} MB. Split it into smaller files and import them one after another."
    ),
    "macro_workbook": _(
        "The workbook contains macros, which are never opened here. Save it as XLSX without macros or as CSV."
    ),
    "no_rows": _("No rows with text were found. Check that the right sheet was saved."),
    "not_a_table": _("This is not a table but {kind}. Open it in its own program and save the table as CSV or XLSX."),
    "quote_not_closed": _(
        "In row {row} a quotation mark is opened and never closed. Close or remove it and save the file again."
    ),
    "reading_failed": _("This workbook could not be read to the end. Save the table alone as CSV and try again."),
    "reading_too_slow": _("Reading this workbook takes too long. Save the table alone as CSV and try again."),
    "row_too_long": _(
        "After row {row} the text goes on for more than {limit} bytes without ending the row. A line "
        "break or a closing quotation mark is missing there."
    ),
    "too_many_columns": _(
        "Row {row} has more than {limit} columns. Keep only the columns that belong to the table and save it again."
    ),
    "too_many_rows": _(
        "The file has more than {limit} rows. Split it into smaller files and import them one after another."
    ),
    "xml_entity": _(
        "The workbook contains XML that spreadsheets never write ({part}). Save it again as XLSX or as CSV."
    ),
}
