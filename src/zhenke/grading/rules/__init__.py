"""Pure rules of grading: scheme, yardstick of the crowd, one customer's grade, prospect stages, what would lift her."""

from zhenke.grading.rules.dates import instants_of, months_before, window_of
from zhenke.grading.rules.grades import (
    DEFAULT_SCHEME,
    Contribution,
    Graded,
    Inputs,
    contributions_of,
    grade_of,
    lifecycle_of,
    value_band,
)
from zhenke.grading.rules.lifting import Lift, lifts_of, next_step
from zhenke.grading.rules.reasons import low_value_reasons
from zhenke.grading.rules.scheme import DIMENSIONS, LETTERS, Pyramid, Scheme, StageRules
from zhenke.grading.rules.stages import Archive, next_stage_needs, stage_of
from zhenke.grading.rules.yardstick import (
    UNREACHABLE,
    ClusterBounds,
    Cut,
    Yardstick,
    cluster_of,
    first_outside_rank,
    quintile_rank,
    share_ranks,
    starting_yardstick,
)

__all__ = [
    "DEFAULT_SCHEME",
    "DIMENSIONS",
    "LETTERS",
    "UNREACHABLE",
    "Archive",
    "ClusterBounds",
    "Contribution",
    "Cut",
    "Graded",
    "Inputs",
    "Lift",
    "Pyramid",
    "Scheme",
    "StageRules",
    "Yardstick",
    "cluster_of",
    "contributions_of",
    "first_outside_rank",
    "grade_of",
    "instants_of",
    "lifecycle_of",
    "lifts_of",
    "low_value_reasons",
    "months_before",
    "next_stage_needs",
    "next_step",
    "quintile_rank",
    "share_ranks",
    "stage_of",
    "starting_yardstick",
    "value_band",
    "window_of",
]
