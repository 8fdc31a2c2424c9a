"""How a person picks in a form: types a few letters, and takes the line that is pointed at."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def box_of(place: Page | Locator, name: str) -> Locator:
    """The box of the picker that stands before the field ``name``."""
    return place.locator(f".pick:has(+ [name={name}]) > input")


def pick(place: Page | Locator, name: str, typed: str, told: str) -> None:
    """Type into the picker of ``name`` and press Enter on the line that reads ``told``."""
    box = box_of(place, name)
    box.fill(typed)
    expect(place.locator(f".pick:has(+ [name={name}]) [role=option][aria-selected=true]")).to_contain_text(told)
    box.press("Enter")
