"""What a report may mean: its kind, its danger, its likes, and whose it is in the end."""
