"""What a town answers: phrases with gaps to be filled, drafts made of them, and what is looked for before an answer goes."""
