from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "doudi.web.demo"
    label = "doudi_demo"
