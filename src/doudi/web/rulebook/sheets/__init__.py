"""The rules of a version as a workbook that a clerk edits, and back."""
