from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "doudi.web.idempotency"
    label = "doudi_idempotency"
