"""Start-up checks: what must hold before a town is served, each with a stable id and what to do about it."""
