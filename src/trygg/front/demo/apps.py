from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "trygg.front.demo"
    label = "demo"
    verbose_name = "Demo"
