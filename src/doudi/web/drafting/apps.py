from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "doudi.web.drafting"
    label = "doudi_drafting"
