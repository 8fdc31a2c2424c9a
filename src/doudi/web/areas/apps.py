from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "doudi.web.areas"
    label = "doudi_areas"
