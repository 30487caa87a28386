from django.apps import AppConfig


class ChartsConfig(AppConfig):
    name = "config.charts"
    label = "charts"
