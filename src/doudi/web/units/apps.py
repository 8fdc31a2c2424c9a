from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "doudi.web.units"
    label = "doudi_units"
