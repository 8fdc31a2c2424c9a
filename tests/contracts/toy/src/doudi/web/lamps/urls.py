from __future__ import annotations

from django.urls import path
from doudi.web.lamps import pages

urlpatterns = [path("lamps", pages.lamps, name="lamps")]
