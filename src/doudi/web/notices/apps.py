from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "doudi.web.notices"
    label = "doudi_notices"
