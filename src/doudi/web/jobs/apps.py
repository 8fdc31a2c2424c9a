from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "doudi.web.jobs"
    label = "doudi_jobs"
