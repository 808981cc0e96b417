"""How many of what, in words that agree with their number."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import ngettext

from zhenke.customers.models import ImportRun
from zhenke.doors.words.days import listed

COUNTED: dict[str, Callable[[int], str]] = {
    "customer": lambda n: ngettext("%(n)s customer", "%(n)s customers", n),
    "sale": lambda n: ngettext("%(n)s receipt", "%(n)s receipts", n),
    "line": lambda n: ngettext("%(n)s line", "%(n)s lines", n),
    "style": lambda n: ngettext("%(n)s style", "%(n)s styles", n),
    "date": lambda n: ngettext("%(n)s date", "%(n)s dates", n),
}


def counted(kind: str, n: int) -> str:
    """Return so many rows of a kind: 48 receipts; kinds without a word of their own are details."""
    words = COUNTED.get(kind)
    return (words(n) if words else ngettext("%(n)s detail", "%(n)s details", n)) % {"n": f"{n:,}"}


def sold_words(run: ImportRun) -> str:
    """Return what the rows of a sales file are together: 20 customers, 48 receipts, 57 lines; "" for other files."""
    figures = run.figures
    if not figures.get("lines"):
        return ""
    parts = (("customer", "customers"), ("sale", "sales"), ("line", "lines"))
    return listed(counted(kind, int(figures.get(name, 0))) for kind, name in parts)
