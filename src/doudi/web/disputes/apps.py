from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "doudi.web.disputes"
    label = "doudi_disputes"
