"""Telling people outside the pages: the names that it bears, when it is quiet, and how a gateway's message is filled in."""
