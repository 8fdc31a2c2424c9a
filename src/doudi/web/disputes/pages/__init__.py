"""The pages of disputes: the board, one dispute, what a party says, the minutes, and the page of a body outside."""
