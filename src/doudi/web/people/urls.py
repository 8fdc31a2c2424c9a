from __future__ import annotations

from django.urls import path

from doudi.web.people import pages

urlpatterns = [
    path("login", pages.login, name="login"),
    path("logout", pages.logout, name="logout"),
    path("me", pages.me, name="me"),
    path("reading", pages.reading, name="reading"),
]
