"""A password must not be guessable: judged by zxcvbn with the person's own words and pinyin pet phrases added."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

_PINYIN_PHRASES = [
    "woaini",
    "wo ai ni",
    "520",
    "1314",
    "888888",
    "zhubao",
    "zhenke",
    "zhenbaoge",
    "huangjin",
    "zuanshi",
]
_LONGEST_JUDGED = 72


class NotGuessable:
    """Refuses passwords that a guesser would reach soon."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password is worth fewer than three of four points."""
        own = [str(getattr(user, field, "")) for field in ("username", "name", "pinyin", "email")]
        if zxcvbn(password[:_LONGEST_JUDGED], user_inputs=[*own, *_PINYIN_PHRASES])["score"] < 3:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        """Return the advice shown beside the field."""
        return _("Choose something hard to guess: four unrelated words are better than a birthday or a name.")
