from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "doudi.web.places"
    label = "doudi_places"
