from django.apps import AppConfig


class ScanConfig(AppConfig):
    name = "doudi.web.scan"
    label = "doudi_scan"
