"""The one component for everything that may be done with a record: an ``Action`` is offered, shown, taken and answered here."""
