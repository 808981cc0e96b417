"""Tables of the archive, by topic."""

from zhenke.customers.models.archive import ContactPoint, Customer, CustomerDate, SearchTerm
from zhenke.customers.models.claims import Claim, RecordCount
from zhenke.customers.models.consent import ConsentEntry, ConsentText, SignUpLink
from zhenke.customers.models.erasure import FileErasure
from zhenke.customers.models.export import Export
from zhenke.customers.models.freshness import FreshnessRules
from zhenke.customers.models.hold import LegalHold
from zhenke.customers.models.household import CustomerLink
from zhenke.customers.models.importance import CustomerTeam, ProtectedView
from zhenke.customers.models.intake import ImportBatch, ImportMapping, ImportReject, ImportRun
from zhenke.customers.models.knowledge import CustomerTag, CustomField, Interaction, SavedView, Tag, Trait
from zhenke.customers.models.linkage import DuplicatePair, FormerKey, Merge
from zhenke.customers.models.members import ErasureRequest, MemberPasskey, MemberSession, SignInCode, UsedMark
from zhenke.customers.models.notes import Mention, NotePhoto
from zhenke.customers.models.permits import AloneWait, LookPermit
from zhenke.customers.models.reveals import HandedCopy, ListTally, RevealQuota, RevealTally
from zhenke.customers.models.visits import Visit, VisitCompanion, VisitPiece

__all__ = [
    "AloneWait",
    "CardScan",
    "Claim",
    "ConsentEntry",
    "ConsentText",
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerDate",
    "CustomerLink",
    "CustomerTag",
    "CustomerTeam",
    "DuplicatePair",
    "ErasureRequest",
    "Export",
    "FileErasure",
    "FormerKey",
    "FreshnessRules",
    "HandedCopy",
    "ImportBatch",
    "ImportMapping",
    "ImportReject",
    "ImportRun",
    "Interaction",
    "LegalHold",
    "ListTally",
    "LookPermit",
    "MemberPasskey",
    "MemberSession",
    "Mention",
    "Merge",
    "NotePhoto",
    "ProtectedView",
    "RecordCount",
    "RevealQuota",
    "RevealTally",
    "SavedView",
    "SearchTerm",
    "SignInCode",
    "SignUpLink",
    "Tag",
    "Trait",
    "UsedMark",
    "Visit",
    "VisitCompanion",
    "VisitPiece",
]
