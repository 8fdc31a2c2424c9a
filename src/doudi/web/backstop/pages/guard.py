"""Who may look: whoever sees the desk; for all others these pages do not exist."""

from __future__ import annotations

from doudi.web.people.pages.guard import acting, only_for, refusal

__all__ = ["acting", "for_desk", "for_manager", "refusal"]

for_desk = only_for("see_desk", "manage_crews")

#: for whoever sets who catches where
for_manager = only_for("manage_backstops")
