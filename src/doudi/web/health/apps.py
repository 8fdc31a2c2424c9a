from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "doudi.web.health"
    label = "doudi_health"
