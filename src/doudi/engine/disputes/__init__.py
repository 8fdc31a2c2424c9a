"""Whose a matter is, argued while somebody already handles it: four levels, statements, silence, and when all agree."""
