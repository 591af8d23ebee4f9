"""What S3 itself says about storage classes: waterfall, minimum days and sizes, waits (aws-facts a and b). Constants, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

KIB = 1024
GIB = 1024**3
SMALL_OBJECT = 128 * KIB
# Size of the large objects beside many of a usual size, a planning figure: from where AWS advises uploads in parts (S3 User Guide,
# "Uploading and copying objects using multipart upload": 100 MB).
LARGE_OBJECT = 100 * 1024 * KIB
DAYS_A_MONTH = Decimal("30.4375")

STANDARD, INTELLIGENT, STANDARD_IA, ONEZONE_IA = "STANDARD", "INTELLIGENT_TIERING", "STANDARD_IA", "ONEZONE_IA"
GLACIER_IR, GLACIER, DEEP_ARCHIVE = "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"
CLASSES = (STANDARD, INTELLIGENT, STANDARD_IA, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE)

CLASS_LABELS: Mapping[str, str] = {
    STANDARD: "S3 Standard",
    INTELLIGENT: "S3 Intelligent-Tiering",
    STANDARD_IA: "S3 Standard-IA",
    ONEZONE_IA: "S3 One Zone-IA",
    GLACIER_IR: "S3 Glacier Instant Retrieval",
    GLACIER: "S3 Glacier Flexible Retrieval",
    DEEP_ARCHIVE: "S3 Glacier Deep Archive",
}

# Allowed lifecycle transitions (aws-facts b, waterfall).
WATERFALL: Mapping[str, frozenset[str]] = {
    STANDARD: frozenset({STANDARD_IA, INTELLIGENT, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE}),
    STANDARD_IA: frozenset({INTELLIGENT, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE}),
    INTELLIGENT: frozenset({ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE}),
    ONEZONE_IA: frozenset({GLACIER, DEEP_ARCHIVE}),
    GLACIER_IR: frozenset({GLACIER, DEEP_ARCHIVE}),
    GLACIER: frozenset({DEEP_ARCHIVE}),
    DEEP_ARCHIVE: frozenset(),
}
# Days billed at least (aws-facts a). S3 takes rules that leave earlier; the days left are then a fee.
MIN_DAYS: Mapping[str, int] = {
    STANDARD: 0,
    INTELLIGENT: 0,
    STANDARD_IA: 30,
    ONEZONE_IA: 30,
    GLACIER_IR: 90,
    GLACIER: 90,
    DEEP_ARCHIVE: 180,
}
# Age an object must have before it may enter the class, and days before it may move on (aws-facts b: 30 for the two IA classes).
MIN_AGE: Mapping[str, int] = {STANDARD_IA: 30, ONEZONE_IA: 30}
# Classes that bill at least 128 KiB an object.
BILLS_128K = frozenset({STANDARD_IA, ONEZONE_IA, GLACIER_IR})
# 40 KiB of overhead an archived object: 32 at the class's own rate, 8 at Standard's.
OVERHEAD_CLASS, OVERHEAD_STANDARD = 32 * KIB, 8 * KIB
ARCHIVES = frozenset({GLACIER, DEEP_ARCHIVE})
# Time until the first byte, upper end of the Standard restore tier.
WAIT: Mapping[str, timedelta] = {
    **dict.fromkeys(CLASSES, timedelta(0)),
    GLACIER: timedelta(hours=5),
    DEEP_ARCHIVE: timedelta(hours=12),
}
# Design availability in hundredths of a percent (99.99 % = 9999).
AVAILABILITY: Mapping[str, int] = {
    STANDARD: 9999,
    INTELLIGENT: 9990,
    STANDARD_IA: 9990,
    ONEZONE_IA: 9950,
    GLACIER_IR: 9990,
    GLACIER: 9999,
    DEEP_ARCHIVE: 9999,
}
