"""Documents sealed by a certificate: valid to a validator of its own, still reopened, and broken by any changed byte."""

import asyncio
import io
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from recommendations.design import Design
from reports.pdf.signing import CERTIFICATE, PASSPHRASE, SealError, is_whole, signed, signer_of
from reports.render import render_document
from reports.reopen import ReopenError, design_in
from tests.reports.certificates import PASSPHRASE as WORD
from tests.reports.certificates import write_certificate


@pytest.fixture(scope="module")
def plain(design: Design) -> bytes:
    return render_document(design, "summary")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    return write_certificate(tmp_path_factory.mktemp("seal"))


@pytest.fixture(scope="module")
def data(plain: bytes, authority: tuple[Path, Any]) -> bytes:
    signer = signer_of({CERTIFICATE: str(authority[0]), PASSPHRASE: WORD}, "harbour")
    assert signer is not None
    return signed(plain, signer, "Design")


def status_of(signature: Any, trusted: list[x509.Certificate]) -> Any:
    """What pyHanko's validator says. It runs an event loop, so it gets a thread: this one has the browser's, after browser tests."""
    with ThreadPoolExecutor(max_workers=1) as own:
        return own.submit(validate_pdf_signature, signature, ValidationContext(trust_roots=trusted, allow_fetching=False)).result()


def test_it_is_sealed_where_an_event_loop_runs(plain: bytes, authority: tuple[Path, Any]) -> None:
    signer = signer_of({CERTIFICATE: str(authority[0]), PASSPHRASE: WORD}, "harbour")
    assert signer is not None

    async def within() -> bytes:
        return signed(plain, signer, "Design")

    with ThreadPoolExecutor(max_workers=1) as own:
        assert is_whole(own.submit(asyncio.run, within()).result())


def test_a_validator_that_trusts_the_authority_finds_it_valid(data: bytes, authority: tuple[Path, Any]) -> None:
    root = x509.Certificate.load(authority[1].public_bytes(Encoding.DER))
    found = PdfFileReader(io.BytesIO(data)).embedded_signatures
    status = status_of(found[0], [root])
    assert len(found) == 1
    assert status.bottom_line, status.pretty_print_details()
    assert str(found[0].sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert not status_of(found[0], []).trusted


def test_tags_archival_marks_and_attachment_stay(data: bytes, plain: bytes) -> None:
    assert data.startswith(plain)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.StructTreeRoot.K[0].K) > 3
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")
        widget = pdf.Root.AcroForm.Fields[0]
        assert (int(widget.F) & 4, max(map(float, widget.Rect)) < 0) == (4, True)
        assert "design.json" in pdf.attachments


def test_a_sealed_document_is_opened_again(data: bytes, design: Design) -> None:
    assert design_in(data).digest == design.digest


def test_any_changed_byte_breaks_it(data: bytes, plain: bytes) -> None:
    """Those that the signature covers, and the field that holds it where it is empty."""
    dice = random.Random(1)
    _, start, end, _ = (int(one) for one in PdfFileReader(io.BytesIO(data)).embedded_signatures[0].byte_range)
    places = [*dice.sample(range(len(plain)), 20), *dice.sample(range(len(plain), start), 10), *dice.sample(range(end, len(data)), 10)]
    places += [start + 3, end - 2]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(ReopenError):
            design_in(bytes(changed))
    assert is_whole(data)
    assert not is_whole(data + b"%")


def test_a_certificate_is_chosen_by_organisation(authority: tuple[Path, Any]) -> None:
    environment = {f"{CERTIFICATE}_HARBOUR_CONSULTING": str(authority[0]), f"{PASSPHRASE}_HARBOUR_CONSULTING": WORD}
    assert signer_of(environment, "harbour-consulting") is not None
    assert signer_of(environment, "other") is None


@pytest.mark.parametrize(("change", "said"), [({PASSPHRASE: "wrong"}, "no PKCS#12"), ({CERTIFICATE: "/nowhere.p12"}, "not there")])
def test_a_certificate_that_cannot_be_used_is_named(change: dict[str, str], said: str, authority: tuple[Path, Any]) -> None:
    with pytest.raises(SealError, match=said) as error:
        signer_of({CERTIFICATE: str(authority[0]), PASSPHRASE: WORD, **change})
    assert "wrong" not in str(error.value)
