"""How a message speaks to somebody: words of templates, in the language of the template."""

from __future__ import annotations

from zhenke.basics.names import honorific, split_name

_TITLES = {"zh-hans": {"ms": "女士", "mr": "先生"}, "en": {"ms": "Ms", "mr": "Mr"}}
_NOBODY = {"zh-hans": "顾客", "en": "Customer"}


def salutation(*, name: str, gender: str, language: str) -> str:
    """Return how a person is spoken to; the whole name when no title is known.

    Example: 周丽, f, zh-hans -> 周女士; Anna Müller, f, en -> Ms Müller
    """
    if not name.strip():
        return _NOBODY[language]
    whom = honorific(name, gender)
    if not whom.title:
        return whom.name
    word = _TITLES["zh-hans" if whom.is_han else language][whom.title]
    return f"{whom.name}{word}" if whom.is_han else f"{word} {whom.name}"


def first_name(*, name: str, language: str) -> str:
    """Return the given part of a name, the whole of it when it has none that can be told."""
    return split_name(name).given or name.strip() or _NOBODY[language]
