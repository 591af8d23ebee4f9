from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    name = "provisioning"

    def ready(self) -> None:
        from provisioning.exporters.attached import exports_of
        from reports.attachments import add_maker

        add_maker(exports_of)
