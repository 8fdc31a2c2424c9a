"""What of a person's words names somebody: found, masked, and told apart from what anybody might have said."""
