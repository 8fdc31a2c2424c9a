from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "doudi.web.files"
    label = "doudi_files"
