from django.apps import AppConfig, apps
from django.utils.module_loading import import_module, module_has_submodule


class LedgerConfig(AppConfig):
    name = "trygg.kernel.ledger"
    label = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        # Every room's actions.py and access.py register what they say; only ours, for other packages use the names otherwise.
        for config in apps.get_app_configs():
            for name in ("access", "actions"):
                if config.name.startswith("trygg.") and module_has_submodule(config.module, name):
                    import_module(f"{config.name}.{name}")
