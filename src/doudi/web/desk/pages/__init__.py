"""The pages behind the login, each module one place: the desk, a matter, a report, my work, a unit, the rulebook."""
