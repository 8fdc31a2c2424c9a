from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "doudi.web.resources"
    label = "doudi_resources"
