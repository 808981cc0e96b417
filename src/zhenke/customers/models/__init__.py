"""Tables of the archive, by topic."""

from zhenke.customers.models.archive import ContactPoint, Customer, CustomerDate, SearchTerm
from zhenke.customers.models.household import CustomerLink
from zhenke.customers.models.intake import ImportBatch, ImportMapping, ImportReject, ImportRun
from zhenke.customers.models.knowledge import CustomerTag, CustomField, Interaction, SavedView, Tag, Trait

__all__ = [
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerDate",
    "CustomerLink",
    "CustomerTag",
    "ImportBatch",
    "ImportMapping",
    "ImportReject",
    "ImportRun",
    "Interaction",
    "SavedView",
    "SearchTerm",
    "Tag",
    "Trait",
]
