"""Mandatory reports: a child or helpless person hurt or in danger is told at once to police and civil affairs."""
