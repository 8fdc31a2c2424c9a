"""Addresses for anyone who looks after the platform: machines and people."""

from __future__ import annotations

from django.urls import path

from doudi.web.health import pages, probes

urlpatterns = [
    path("health", probes.health, name="health"),
    path("ready", probes.ready, name="ready"),
    path("metrics", probes.metrics, name="metrics"),
    path("system", pages.system, name="system"),
    path("system/retry", pages.retry, name="jobs_retry"),
    path("system/drop", pages.drop, name="jobs_drop"),
]
