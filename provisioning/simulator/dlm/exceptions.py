"""The errors of the service, by botocore's names; the model gives their HTTP status."""

from moto.core.exceptions import ServiceException


class InvalidRequestException(ServiceException):
    code = "InvalidRequestException"


class LimitExceededException(ServiceException):
    code = "LimitExceededException"


class ResourceNotFoundException(ServiceException):
    code = "ResourceNotFoundException"
