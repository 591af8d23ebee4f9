"""A design as a row, and its file, for the tests of documents."""

import copy
from pathlib import Path
from typing import Any

import pytest

from recommendations.design import Design
from tests.reports.sample import sample_design


@pytest.fixture(scope="session")
def design() -> Design:
    return sample_design()


@pytest.fixture(scope="session")
def design_file(design: Design, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("design") / "design.json"
    path.write_text(design.text(), encoding="utf-8")
    return path


@pytest.fixture
def version(organisation: Any, alice: Any, design: Design) -> Any:
    """The sample design as version 1 of an assessment of Alice's organisation."""
    from django_scopes import scope

    from assessment.services import create_assessment
    from recommendations.models import DesignVersion

    with scope(organisation=organisation):
        assessment = create_assessment(organisation, "Northwind Clinics", "health", alice)
        return DesignVersion.objects.create(
            organisation=organisation,
            assessment=assessment,
            number=1,
            digest=design.digest,
            document=copy.deepcopy(design.document),
            created_by=alice,
        )
