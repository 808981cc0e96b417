"""Membership: members by tier, points and rights at a glance; the programme's rules with their preview; one's card."""
