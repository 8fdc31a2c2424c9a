"""SQLite as Django speaks it, with the writers of one process in a queue (see ``base``)."""
