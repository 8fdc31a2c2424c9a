"""Pages about people: one's own account, and the town's offices, posts and who sits where."""
