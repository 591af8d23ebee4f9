"""A seal by certificate: a PAdES signature over the finished document, when the operator has configured one.

The certificate (PKCS#12) and its passphrase come from the environment; neither is ever stored in the database. The profile is PAdES-B-B
without a timestamp: rendering asks no other server. Source: ETSI EN 319 142-1; pyHanko's documentation, "Signing functionality".
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from asn1crypto import parser
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel

from reports.pdf import seal

FIELD = "Seal"
CERTIFICATE, PASSPHRASE = "STOWPLAN_SEAL_CERTIFICATE", "STOWPLAN_SEAL_PASSPHRASE"


class SealError(RuntimeError):
    """The certificate cannot be used; the message says why, and never holds the passphrase."""


def signer_of(environment: Mapping[str, str], organisation: str = "") -> signers.SimpleSigner | None:
    """The signer of an organisation (its slug), else of the installation; None when there is no certificate. Raises SealError.

    `STOWPLAN_SEAL_CERTIFICATE_HARBOUR_CONSULTING` belongs to the organisation `harbour-consulting`, the name
    without an ending to all others.
    """
    own = "_" + organisation.upper().replace("-", "_")
    ending = own if organisation and environment.get(CERTIFICATE + own) else ""
    path = environment.get(CERTIFICATE + ending, "")
    if not path:
        return None
    if not Path(path).is_file():
        raise SealError(f"{CERTIFICATE}{ending} names {path}, which is not there.")
    passphrase = environment.get(PASSPHRASE + ending, "").encode() or None
    found: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12(path, passphrase=passphrase)  # type: ignore[no-untyped-call]
    if found is None:
        raise SealError(f"{CERTIFICATE}{ending}: {path} is no PKCS#12 file that {PASSPHRASE}{ending} opens.")
    try:
        whole = vouched_for([found.signing_cert, *found.cert_registry])
    except (InvalidSignature, ValueError, TypeError):
        whole = False
    if not whole:
        raise SealError(f"{CERTIFICATE}{ending}: {path} must hold the whole chain, up to the root that signs itself.")
    return found


def signed(data: bytes, signer: signers.SimpleSigner, reason: str) -> bytes:
    """The document with an invisible signature over all its bytes, appended: what was there before stays as it is."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    # Outside of the page and printed: what PDF/UA (7.18.1) and PDF/A (6.3) ask of an annotation that shows nothing.
    unseen = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    target = io.BytesIO()
    pen = signers.PdfSigner(meta, signer=signer, new_field_spec=fields.SigFieldSpec(FIELD, invis_sig_settings=unseen))
    # pyHanko runs an event loop of its own, which a thread that is already in one refuses: it gets a thread of its own.
    with ThreadPoolExecutor(max_workers=1) as own:
        own.submit(pen.sign_pdf, writer, output=target).result()
    return target.getvalue()


def is_whole(data: bytes) -> bool:
    """Whether a document is as it was made: by its own identifier and, where it is signed, by its signature.

    Whether the certificate can be trusted is not asked: that is for whoever reads it, with a validator of their choice.
    """
    if seal.is_whole(data):
        return True
    try:
        found = PdfFileReader(io.BytesIO(data)).embedded_signatures
        if len(found) != 1:
            return False
        one = found[0]
        intact, valid = validate_sig_integrity(one.signer_info, one.signer_cert, "data", one.compute_digest())
        whole = one.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
        padding = one.pkcs7_content[parser.peek(one.pkcs7_content) :]
        vouched = vouched_for([one.signer_cert, *one.other_embedded_certs]) and one.signer_info["version"].native == "v1"
    except Exception:  # a damaged file breaks the parser in any way it likes
        return False
    return intact and valid and whole and vouched and not padding.strip(b"\0") and any(seal.is_whole(part) for part in revisions(data))


def vouched_for(inside: Sequence[asn1.Certificate]) -> bool:
    """Whether every certificate is as an issuer among them signed it: a signature does not cover the certificates that it carries."""
    certificates = [x509.load_der_x509_certificate(one.dump()) for one in inside]
    for one in certificates:
        issuers = [other for other in certificates if other.subject == one.issuer]
        if not issuers:
            return False
        for issuer in issuers:
            one.verify_directly_issued_by(issuer)
    return True


def revisions(data: bytes) -> Iterator[bytes]:
    """Each part of the file that could be what stood before the signature was appended."""
    for mark in re.finditer(rb"%%EOF\r?\n?", data):
        yield data[: mark.end()]
