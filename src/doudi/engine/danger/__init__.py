"""Is somebody in danger? A judgement from free words alone: life, urgent or none, what kind, whom to call, by which words."""
