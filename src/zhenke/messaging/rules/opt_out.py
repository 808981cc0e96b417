"""The words by which somebody says: no more. A pure rule; what comes of it is the journey's."""

from __future__ import annotations

import re
import unicodedata

# Whole answers, after blanks, punctuation and the form of the signs are gone.
_WHOLE = frozenset(
    {
        *("t", "td", "tdd", "n", "0000", "00000", "r", "qx"),
        *("stop", "stopall", "unsubscribe", "unsub", "cancel", "quit", "end", "optout", "remove", "nomore"),
        *("退", "退订", "退定", "退丁", "退订短信", "退出", "取消", "取消订阅", "拒收", "拒绝", "拒绝接收", "停止"),
        *("停发", "别发了", "不要发了", "不要再发了", "别再发了", "请勿打扰", "勿扰", "屏蔽", "退訂", "取消訂閱"),
        *("回t退订", "回复t退订", "回td退订", "回复td退订", "td退订", "t退订", "我要退订", "申请退订", "请退订"),
    }
)
_LONGEST = 40


def _squeezed(text: str) -> str:
    """Return letters, digits and signs of writing alone: full-width made plain, small, without invisible signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", plain)


def is_opt_out(text: str) -> bool:
    """Return whether an answer says that nothing more is wanted.

    Only the whole answer counts: "T恤有货吗" asks for something else. Long answers are read by people.
    Source: promises.md P7, 40 spellings; rules.md, "Contact budget".
    Example: "ＴＤ" -> True; "退 订！" -> True; "T?" -> True; "今天退订单" -> False
    """
    return len(text) <= _LONGEST and _squeezed(text) in _WHOLE
