"""Doudi (兜底): a town's work platform where every matter has exactly one accountable holder at every moment."""
