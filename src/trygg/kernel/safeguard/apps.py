from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardConfig(AppConfig):
    name = "trygg.kernel.safeguard"
    label = "safeguard"
    verbose_name = _("Safeguarding")
