from __future__ import annotations

from django.urls import path

from doudi.web.people.pages import account, seating

urlpatterns = [
    path("login", account.login, name="login"),
    path("logout", account.logout, name="logout"),
    path("me", account.me, name="me"),
    path("reading", account.reading, name="reading"),
    path("people", seating.people, name="people"),
    path("people/new", seating.new_account, name="new_account"),
    path("people/accounts/<uuid:person_id>", seating.account, name="account"),
    path("people/accounts/<uuid:person_id>/password", seating.new_password, name="new_password"),
    path("people/accounts/<uuid:person_id>/switch", seating.switch_account, name="switch_account"),
    path("people/posts/<str:code>", seating.post, name="post"),
    path("people/seats/<int:seat_id>/end", seating.end_seat, name="end_seat"),
]
