from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "doudi.web.actions"
    label = "doudi_actions"
