"""What comes from the systems above and goes back to them."""
