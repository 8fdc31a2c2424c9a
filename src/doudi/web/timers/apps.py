from django.apps import AppConfig


class TimersConfig(AppConfig):
    name = "doudi.web.timers"
    label = "doudi_timers"
