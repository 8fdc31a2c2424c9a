from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "doudi.web.duties"
    label = "doudi_duties"
