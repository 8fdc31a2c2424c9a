"""Where a place lies: area codes, shapes, whether the grids tile the town, and coordinate systems."""
