from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "doudi.web.design"
    label = "doudi_design"
