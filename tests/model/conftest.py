"""The model's tests stand in the same small town."""

from tests.web.conftest import _nothing_remembered, town, tuesday

__all__ = ["_nothing_remembered", "town", "tuesday"]
