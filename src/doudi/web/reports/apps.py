from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "doudi.web.reports"
    label = "doudi_reports"
