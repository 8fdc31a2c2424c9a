"""The only writers of the town's keys: made and missed (``town_keys``), and replaced (``rotating``)."""
