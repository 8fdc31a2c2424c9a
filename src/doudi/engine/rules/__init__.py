"""Decision tables with proof: spaces, rules, coverage and conflicts, difference of two versions, compiled matcher."""
