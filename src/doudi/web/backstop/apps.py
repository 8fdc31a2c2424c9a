from django.apps import AppConfig


class BackstopConfig(AppConfig):
    name = "doudi.web.backstop"
    label = "doudi_backstop"
