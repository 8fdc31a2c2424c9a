"""Mandatory reports: who is hurt or in danger and cannot help themselves, and who must be told of it at once."""
