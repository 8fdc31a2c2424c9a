from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "doudi.web.triage"
    label = "doudi_triage"
