"""Tables of the archive, by topic."""

from zhenke.customers.models.archive import ContactPoint, Customer, CustomerDate, SearchTerm
from zhenke.customers.models.export import Export
from zhenke.customers.models.household import CustomerLink
from zhenke.customers.models.intake import ImportBatch, ImportMapping, ImportReject, ImportRun
from zhenke.customers.models.knowledge import CustomerTag, CustomField, Interaction, SavedView, Tag, Trait
from zhenke.customers.models.linkage import DuplicatePair, FormerKey, Merge

__all__ = [
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerDate",
    "CustomerLink",
    "CustomerTag",
    "DuplicatePair",
    "Export",
    "FormerKey",
    "ImportBatch",
    "ImportMapping",
    "ImportReject",
    "ImportRun",
    "Interaction",
    "Merge",
    "SavedView",
    "SearchTerm",
    "Tag",
    "Trait",
]
