"""What may be done with what is kept for answers."""
