"""Four ways in which a request can be refused; rooms derive their named errors from these."""

from __future__ import annotations


class ZhenkeError(Exception):
    """A refusal that a person can understand: a stable `code`, an English `message`, plain `facts` for translation."""

    code = "error"
    message = "The request was refused."

    def __init__(self, message: str | None = None, **facts: object) -> None:
        self.facts = facts
        self.message = (message or type(self).message).format(**facts)
        super().__init__(self.message)


class NotFound(ZhenkeError):
    """The thing does not exist, or the viewer may not know that it does."""

    code = "not_found"
    message = "Nothing was found here, or it is not yours to see."


class NotAllowed(ZhenkeError):
    """The viewer may see the thing and may not do this with it."""

    code = "not_allowed"
    message = "Your role does not allow this."


class RuleBroken(ZhenkeError):
    """The request is well formed and breaks a rule of the shop."""

    code = "rule_broken"
    message = "A rule of the shop does not allow this."


class BadInput(ZhenkeError):
    """The request itself is wrong: it says what, where and what to do about it."""

    code = "bad_input"
    message = "The input could not be read."
