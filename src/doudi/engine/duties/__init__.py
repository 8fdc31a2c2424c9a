"""Who answers for what: the layers of rules, the one holder, and the reason in words."""
