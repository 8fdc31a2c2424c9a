"""Addresses of orders from above."""

from __future__ import annotations

from django.urls import path

from doudi.web.orders import pages

urlpatterns = [
    path("orders/<str:number>", pages.order, name="order"),
    path("orders/<str:number>/<slug:name>", pages.order_step, name="order_step"),
]
