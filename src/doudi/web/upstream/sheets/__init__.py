"""Read the tables that offices send each other: CSV of any usual encoding, XLSX, XLS; with titles and merged headers.

Nothing here knows Django, the database or the clock. A file that cannot be read is refused with a sentence that says
what to do; a single line that cannot be read comes with its fault and never takes its neighbours along.
"""
