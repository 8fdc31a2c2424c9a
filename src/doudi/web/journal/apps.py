from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "doudi.web.journal"
    label = "doudi_journal"
