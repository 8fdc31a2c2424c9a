from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "doudi.web.matters"
    label = "doudi_matters"
