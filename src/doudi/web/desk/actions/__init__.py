"""Everything that may be done at the desk and on the street: one ``Action`` each, by what it is about."""
