"""What may be uploaded as an engagement: engagement files, and what packages further to the right open."""

from __future__ import annotations

from collections.abc import Callable

from assessment.engagement import Engagement, read_engagement

Reader = Callable[[bytes], Engagement]
_readers: dict[bytes, Reader] = {}


def add_reader(sign: bytes, reader: Reader) -> None:
    """Files that begin with `sign` are opened by `reader`, which raises EngagementErrors; said when the application starts."""
    _readers[sign] = reader


def engagement_of_file(data: bytes) -> Engagement:
    """The engagement in an uploaded file. Raises EngagementErrors."""
    reader = next((one for sign, one in _readers.items() if data.startswith(sign)), read_engagement)
    return reader(data)
