"""Tables that people take along: small ones at once, large ones written by a job, sealed, and given out for a few days."""
