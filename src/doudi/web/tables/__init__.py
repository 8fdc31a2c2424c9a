"""The one room for tables: read (CSV of any usual encoding, XLSX, XLS), written, and sent as an answer.

Every file is decoded in a process of its own (`sandbox`). A file that cannot be read is refused with a sentence that
says what to do; a single line that cannot be read comes with its fault and never takes its neighbours along.

`reading` finds the table in a file · `named` reads a town's own tables by the names of their columns · `writing` and
`response` give tables out · `formulas` is the one guard against texts that a spreadsheet would run.
"""
