"""The look of an organisation's documents: kept, and shown on a cover before it is."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pypdfium2
from django.template.loader import render_to_string

from accounts.models import Organisation
from reports.brand import DEFAULT, NAME, Brand
from reports.models import Brand as BrandRow
from reports.pdf.chunks import NoStore, Typesetter
from reports.pdf.fonts import SharedFonts
from reports.pdf.joining import Joiner

SCALE = 1.1  # of 72 dots an inch


def brand_of(organisation: Organisation) -> Brand:
    """The look that the organisation chose, else the default one."""
    row = BrandRow.objects.filter(organisation=organisation).first()
    return row.plain if row else DEFAULT


def cover_picture(brand: Brand, organisation: str) -> bytes:
    """The cover of a design document with this look, as PNG."""
    sample = SimpleNamespace(
        english=True,
        customer="Northwind Clinics",
        industry="Health",
        primary="us-east-1",
        dr="us-west-2",
        workloads=range(6),
        deadline="2027-03-31",
        price_date="2026-10-01",
        digest="0" * 64,
    )
    context = {
        "content": sample,
        "title": "Storage, backup and recovery design",
        "organisation": organisation,
        "version": 1,
        "brand": brand,
    }
    typesetter = Typesetter({NAME: brand.logo}, "design", brand.style, "en", NoStore())
    laid = typesetter.lay_out(render_to_string("reports/documents/cover.html", context))
    joiner = Joiner(laid.data, SharedFonts(typesetter.store))
    whole = io.BytesIO()
    joiner.finish(()).save(whole)
    with pypdfium2.PdfDocument(whole.getvalue()) as pdf:
        picture = pdf[0].render(scale=SCALE).to_pil()
    target = io.BytesIO()
    picture.convert("P", palette=1, colors=64).save(target, "PNG", optimize=True)
    return target.getvalue()
