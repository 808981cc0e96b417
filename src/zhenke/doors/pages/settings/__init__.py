"""Settings: shops, people and what they may do, care plans, own fields, connected programs, the trail."""
