from django.apps import AppConfig, apps
from django.utils.module_loading import import_module, module_has_submodule


class LedgerConfig(AppConfig):
    name = "trygg.kernel.ledger"
    label = "ledger"
    verbose_name = "Ledger"

    def ready(self) -> None:
        # Every room's actions.py says what its ledger actions are called; only ours: other packages use the name for other things.
        for config in apps.get_app_configs():
            if config.name.startswith("trygg.") and module_has_submodule(config.module, "actions"):
                import_module(f"{config.name}.actions")
