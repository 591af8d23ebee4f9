"""The rule pack as DMN files: one for each table, and `rule-pack.dmn` with all of them; also as one archive."""

from __future__ import annotations

import io
import zipfile

from recommendations.inputs import FROM_TABLES
from recommendations.tables import RulePack
from recommendations.tables.dmn import pack_xml, table_xml
from recommendations.trace_tables import aws_limits


def dmn_files(pack: RulePack) -> dict[str, bytes]:
    """File name -> DMN 1.3 XML. The same pack gives the same bytes."""
    files = {f"{name}.dmn": table_xml(pack, name, aws_limits()) for name in pack.tables}
    return {**files, "rule-pack.dmn": pack_xml(pack, aws_limits(), FROM_TABLES)}


def dmn_archive(pack: RulePack) -> bytes:
    """All files as a ZIP archive without times, so that the same pack gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in dmn_files(pack).items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
