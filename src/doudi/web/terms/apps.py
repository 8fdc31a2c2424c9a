from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "doudi.web.terms"
    label = "doudi_terms"
