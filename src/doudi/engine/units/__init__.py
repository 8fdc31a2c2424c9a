"""Places under care: what sorts there are, and the code that names each of them."""
