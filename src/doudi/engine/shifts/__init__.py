"""Handing over a desk: the names that its work bears, and the numbers of paper slips."""
