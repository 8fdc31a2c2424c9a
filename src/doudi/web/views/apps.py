from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "doudi.web.views"
    label = "doudi_views"
