"""Pure rules of the archive; what other rooms hand in."""

from zhenke.customers.rules.drafts import BuyerSlip, CustomerDraft, DateDraft

__all__ = ["BuyerSlip", "CustomerDraft", "DateDraft"]
