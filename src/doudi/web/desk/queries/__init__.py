"""What the desk's pages read. Everything begins at ``matters.queries.visible`` or ``visible_reports``."""
