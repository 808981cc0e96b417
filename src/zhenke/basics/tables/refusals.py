"""Why a file is refused: one stable code each, and one plain sentence with what, where and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhenke.basics.errors import BadInput


class FileRefused(BadInput):
    """The file cannot be read as a table; derived classes say why."""

    code = "file_refused"
    message = "This file cannot be read as a table. Save it as CSV or XLSX and try again."


class EmptyFile(FileRefused):
    """Nothing stands in the file."""

    code = "empty_file"
    message = "The file is empty. Check that the export finished and choose the file again."


class FileTooLarge(FileRefused):
    """The file, or what it unpacks to, is larger than the limit."""

    code = "file_too_large"
    message = "The file is larger than {limit_mb} MB. Split it into smaller files and import them one after another."


class TooManyRows(FileRefused):
    """More rows than the limit."""

    code = "too_many_rows"
    message = "The file has more than {limit} rows. Split it into smaller files and import them one after another."


class TooManyColumns(FileRefused):
    """More columns than the limit."""

    code = "too_many_columns"
    message = (
        "Row {row} has more than {limit} columns. Keep only the columns that belong to the table and save it again."
    )


class RowTooLong(FileRefused):
    """A line or record goes on without an end."""

    code = "row_too_long"
    message = (
        "After row {row} the text goes on for more than {limit} bytes without ending the row. "
        "A line break or a closing quotation mark is missing there."
    )


class CellTooLong(FileRefused):
    """One cell holds more text than the limit; mostly a quotation mark that never closes."""

    code = "cell_too_long"
    message = (
        "A cell after row {row} holds more than {limit} characters. "
        "Look there for a quotation mark that is opened and never closed."
    )


class QuoteNotClosed(FileRefused):
    """A quotation mark swallowed the rest of the file."""

    code = "quote_not_closed"
    message = "In row {row} a quotation mark is opened and never closed. Close or remove it and save the file again."


class ArchiveBomb(FileRefused):
    """The file unpacks to far more than its size."""

    code = "archive_bomb"
    message = (
        "The file unpacks to more than {limit} times its size, which no ordinary table does. "
        "Open it in your spreadsheet program and save it as CSV."
    )


class BrokenArchive(FileRefused):
    """The compressed file is damaged."""

    code = "broken_archive"
    message = "The compressed file is damaged or incomplete. Copy or export it once more."


class BrokenWorkbook(FileRefused):
    """The workbook is damaged."""

    code = "broken_workbook"
    message = (
        "The workbook is damaged or incomplete. Open it in your spreadsheet program, save it again as XLSX and retry."
    )


class EncryptedWorkbook(FileRefused):
    """The workbook asks for a password."""

    code = "encrypted_workbook"
    message = "The workbook is protected by a password. Open it, remove the password, save it and choose it again."


class MacroWorkbook(FileRefused):
    """The workbook carries programs."""

    code = "macro_workbook"
    message = "The workbook contains macros, which are never opened here. Save it as XLSX without macros or as CSV."


class XmlEntity(FileRefused):
    """The XML inside declares its own document type or entities."""

    code = "xml_entity"
    message = "The workbook contains XML that spreadsheets never write ({part}). Save it again as XLSX or as CSV."


class NotATable(FileRefused):
    """The file is something else: `kind` says what."""

    code = "not_a_table"
    message = "This is not a table but {kind}. Open it in its own program and save the table as CSV or XLSX."


class EncodingUnknown(FileRefused):
    """Several ways to read the letters are possible; a person has to choose.

    `candidates` is a list of `{"encoding": …, "sample": …}`, the likeliest first.
    """

    code = "encoding_unknown"
    message = "The letters of this file can be read in several ways. Choose the one in which the sample looks right."

    @property
    def candidates(self) -> list[dict[str, str]]:
        """Encodings to ask about, each with one decoded line."""
        found = self.facts.get("candidates", [])
        return found if isinstance(found, list) else []


class BrokenText(FileRefused):
    """Bytes that the encoding does not know."""

    code = "broken_text"
    message = (
        "After row {row} the file holds bytes that are not {encoding} text. "
        "Save it as UTF-8 again, or choose another encoding."
    )


class BadChoice(FileRefused):
    """The encoding, delimiter or sheet that was asked for does not exist."""

    code = "bad_choice"
    message = "There is no {what} “{choice}” here. Choose one of: {known}."


class NoRows(FileRefused):
    """No cell in the file or sheet holds text."""

    code = "no_rows"
    message = "No rows with text were found. Check that the right sheet was saved."


class FileTooHeavy(FileRefused):
    """Reading would take more memory than the file's size explains."""

    code = "file_too_heavy"
    message = (
        "Reading this workbook needs far more memory than its size explains. Save the table alone as CSV and try again."
    )


class ReadingTooSlow(FileRefused):
    """Reading took longer than the file's size explains."""

    code = "reading_too_slow"
    message = "Reading this workbook takes too long. Save the table alone as CSV and try again."


class ReadingFailed(FileRefused):
    """The separate reader died on this file."""

    code = "reading_failed"
    message = "This workbook could not be read to the end. Save the table alone as CSV and try again."


def _family(kind: type[FileRefused]) -> Iterator[type[FileRefused]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


def refusal_from(code: str, facts: dict[str, Any]) -> FileRefused:
    """Return the refusal with this code, as a separate reader reported it; an unknown code is a failed reading."""
    kinds = {kind.code: kind for kind in _family(FileRefused)}
    try:
        return kinds[code](**facts)
    except (KeyError, TypeError, IndexError):
        return ReadingFailed()
