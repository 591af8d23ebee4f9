from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    name = "provisioning"

    def ready(self) -> None:
        from provisioning.exporters.attached import exports_of
        from provisioning.printed import accepted_record, built_record, printed_name
        from reports.attachments import add_maker
        from reports.names import use_namer
        from reports.records import add_source

        add_maker(exports_of)
        use_namer(printed_name)
        add_source("built", built_record)
        add_source("accepted", accepted_record)
