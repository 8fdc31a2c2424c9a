"""The pages of what is kept for answers."""
