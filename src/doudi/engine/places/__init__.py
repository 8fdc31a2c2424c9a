"""Where free words point to: the town's names, and the one resolver that reads an address as people write it."""
