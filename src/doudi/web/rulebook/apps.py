from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "doudi.web.rulebook"
    label = "doudi_rulebook"
