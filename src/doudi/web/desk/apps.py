from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "doudi.web.desk"
    label = "doudi_desk"
