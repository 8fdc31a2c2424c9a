"""Hands: what a crew can do for safety, what needs somebody else's power, and which crew is near."""
