from doudi.engine.errors import DoudiError


class PlaceNameError(DoudiError):
    """A name that cannot be entered, or that is ended already."""
