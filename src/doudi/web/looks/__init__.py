"""Who looked at what is secret, when, from which page and why: kept, and shown to the auditor."""
