"""Writes of the grading room."""

from zhenke.grading.operations.overrides import OverrideWrong, end_expired_overrides, end_override, override
from zhenke.grading.operations.regrading import forget_grades, regrade
from zhenke.grading.operations.schemes import ensure_first_scheme, publish, roll_back
from zhenke.grading.operations.writing import GradedCount, write_grades

__all__ = [
    "GradedCount",
    "OverrideWrong",
    "end_expired_overrides",
    "end_override",
    "ensure_first_scheme",
    "forget_grades",
    "override",
    "publish",
    "regrade",
    "roll_back",
    "write_grades",
]
