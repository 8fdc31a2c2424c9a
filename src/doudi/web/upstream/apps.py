from django.apps import AppConfig


class UpstreamConfig(AppConfig):
    name = "doudi.web.upstream"
    label = "doudi_upstream"
