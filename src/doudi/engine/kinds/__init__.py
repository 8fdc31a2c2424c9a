"""The catalogue of matters: what the town handles, by when, and when it is done."""
