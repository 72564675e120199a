from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "trygg.kernel.ui"
    label = "ui"
