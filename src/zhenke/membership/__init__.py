"""Tiers and their rights, the points ledger, rewards, referrals, prepaid cards."""
