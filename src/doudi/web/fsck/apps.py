from django.apps import AppConfig


class FsckConfig(AppConfig):
    name = "doudi.web.fsck"
    label = "doudi_fsck"
