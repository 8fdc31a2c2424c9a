"""The workbench of a version: its rules as a table, the proof beside it, the difference, the replay, the publication."""
