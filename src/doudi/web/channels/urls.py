"""Addresses of channels, of one's own ways, and of the link that says that a message came."""

from __future__ import annotations

from django.urls import path

from doudi.web.channels import pages

urlpatterns = [
    path("channels", pages.channels, name="channels"),
    path("channels/new/<slug:kind>", pages.channel_new, name="channel_new"),
    path("channels/<uuid:channel_id>", pages.channel, name="channel"),
    path("channels/<uuid:channel_id>/switch", pages.channel_switch, name="channel_switch"),
    path("channels/<uuid:channel_id>/try", pages.channel_try, name="channel_try"),
    path("channels/<uuid:channel_id>/again", pages.channel_again, name="channel_again"),
    path("channels/<uuid:channel_id>/groups", pages.group_add, name="group_add"),
    path("channels/ways/<uuid:way_id>/end", pages.way_end, name="way_end"),
    path("me/ways", pages.own_ways, name="own_ways"),
    path("n/<str:token>", pages.acknowledge, name="acknowledge"),
]
