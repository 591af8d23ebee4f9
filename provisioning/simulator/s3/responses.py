"""moto's S3 front, with our handlers for the configurations that it keeps in part or does not judge."""

from collections.abc import Callable, Mapping
from typing import Any

from moto.s3.exceptions import S3AccessDeniedError, S3ClientError
from moto.s3.models import s3_backends
from moto.s3.responses import S3Response

from provisioning.simulator.s3 import configurations, reports

Handler = Callable[[Any, Any], Any]

GET: Mapping[str, Handler] = {
    "lifecycle": configurations.get_lifecycle,
    "replication": configurations.get_replication,
    "object-lock": configurations.get_object_lock,
    "encryption": configurations.get_encryption,
    "logging": reports.get_logging,
    "notification": reports.get_notifications,
    "inventory": reports.INVENTORIES.get,
    "intelligent-tiering": reports.TIERINGS.get,
}
PUT: Mapping[str, Handler] = {
    "lifecycle": configurations.put_lifecycle,
    "replication": configurations.put_replication,
    "object-lock": configurations.put_object_lock,
    "policy": configurations.put_policy,
    "versioning": configurations.put_versioning,
    "logging": reports.put_logging,
    "notification": reports.put_notifications,
    "inventory": reports.INVENTORIES.put,
    "intelligent-tiering": reports.TIERINGS.put,
}
DELETE: Mapping[str, Handler] = {
    "lifecycle": configurations.delete_lifecycle,
    "replication": configurations.delete_replication,
    "inventory": reports.INVENTORIES.delete,
    "intelligent-tiering": reports.TIERINGS.delete,
}
OWNER_HEADER = "x-amz-expected-bucket-owner"
# moto would take these for the creation of the bucket and answer 200.
NOT_SIMULATED = ("metrics", "analytics", "requestPayment", "metadataConfiguration", "metadataTable", "abac")


class StricterS3Response(S3Response):
    def _bucket_response(self, request: Any, full_url: str) -> Any:
        """A request that names the bucket's owner is refused where somebody else owns it."""
        expected, name = request.headers.get(OWNER_HEADER), self.parse_bucket_name_from_url(request, full_url)
        owner = s3_backends.bucket_accounts.get(name) if expected and name else None
        if owner is not None and owner[1] != expected:
            raise S3AccessDeniedError
        return super()._bucket_response(request, full_url)

    def _bucket_response_get(self, bucket_name: str, querystring: dict[str, Any]) -> Any:
        handler = self._handler("GET", GET, querystring, bucket_name)
        return handler() if handler else super()._bucket_response_get(bucket_name, querystring)

    def _bucket_response_put(self, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        handler = self._handler("PUT", PUT, querystring, bucket_name)
        return handler() if handler else super()._bucket_response_put(request, bucket_name, querystring)

    def _bucket_response_delete(self, bucket_name: str, querystring: dict[str, Any]) -> Any:
        handler = self._handler("DELETE", DELETE, querystring, bucket_name)
        return handler() if handler else super()._bucket_response_delete(bucket_name, querystring)

    def _handler(self, method: str, handlers: Mapping[str, Handler], querystring: Mapping[str, Any], name: str) -> Callable[[], Any] | None:
        """Our handler for the sub-resource that the query names, permission checked as moto does; None leaves the request to moto."""
        for unknown in NOT_SIMULATED:
            if unknown in querystring:
                raise S3ClientError("NotImplemented", f"The simulator does not have {unknown}.")
        chosen = next((handler for part, handler in handlers.items() if part in querystring), None)
        if chosen is None:
            return None
        self._set_action("BUCKET", method, dict(querystring))
        self._authenticate_and_authorize_s3_action(bucket_name=name)
        bucket = self.backend.get_bucket(name)
        return lambda: chosen(self, bucket)
