"""How much of a file is read before it is refused; every limit that reading a table knows."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file.

    Units:  sizes in bytes unless the name says otherwise; `max_ratio` is unpacked to packed size.
    Source: promise P10: a real workbook unpacks 11 : 1, a bomb 1,000 : 1; 100 : 1 stands between them.
    """

    max_file_bytes: int = 1024 * MEGABYTE
    max_unpacked_bytes: int = 1536 * MEGABYTE
    max_ratio: int = 100
    ratio_floor_bytes: int = 4 * MEGABYTE
    max_rows: int = 5_000_000
    max_columns: int = 500
    max_line_bytes: int = 1 * MEGABYTE
    max_record_bytes: int = 4 * MEGABYTE
    max_cell_chars: int = 131_072
    max_members: int = 2_000
    base_memory_bytes: int = 160 * MEGABYTE
    max_memory_bytes: int = 2048 * MEGABYTE
    memory_per_unpacked_byte: int = 3
    base_seconds: int = 20
    unpacked_bytes_per_second: int = 4 * MEGABYTE
    header_rows: int = 30
    head_rows: int = 60
