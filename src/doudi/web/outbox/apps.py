from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "doudi.web.outbox"
    label = "doudi_outbox"
