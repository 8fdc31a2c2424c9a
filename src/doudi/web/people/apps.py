from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "doudi.web.people"
    label = "doudi_people"
