"""A design whose digest fits but whose resources are none is refused with the place, before anything reads into it."""

from copy import deepcopy

import pytest

from recommendations.design import Design, DesignError, load_design
from recommendations.evaluate import evaluate
from tests.provisioning.cases import of_every_type
from tests.support.designs import example
from tests.support.processes import manage

DESIGN = of_every_type()


def place(document, key):
    return next(index for index, one in enumerate(document["resources"]) if one["key"] == key)


def broken(key, path, value):
    """The design with one member of a resource replaced, or taken away where `value` is `...`, and its digest made anew."""
    document = deepcopy(DESIGN.document)
    inner = document["resources"][place(document, key)]
    *way, last = path
    for step in way:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return Design.of(document)


CASES = [
    ("bucket-data", ("properties", "LifecycleRules"), ["text"], ".properties.LifecycleRules[0]: expected an object, not text"),
    (
        "bucket-data",
        ("properties", "LifecycleRules", 0, "Transitions"),
        {},
        "LifecycleRules[0].Transitions: expected a list, not an object",
    ),
    ("bucket-data", ("properties", "PolicyStatements"), "x", ".properties.PolicyStatements: expected a list, not text"),
    ("bucket-data", ("properties", "Replication", "Rules", 0), 7, "Replication.Rules[0]: expected an object, not a number"),
    ("bucket-data", ("properties", "Replication", "Rules"), ..., ".properties.Replication.Rules: is missing"),
    ("bucket-data", ("properties", "Tags"), "x", ".properties.Tags: expected an object, not text"),
    ("bucket-data", ("workloads",), ..., ".workloads: is missing"),
    ("bucket-data", ("properties",), ..., ".properties: is missing"),
    ("bucket-data", ("region",), 5, ".region: expected text, not a number"),
    ("key-data", ("properties", "Policy"), [], ".properties.Policy: expected an object, not a list"),
    ("alias-key-data", ("properties", "TargetKeyId"), ..., ".properties.TargetKeyId: is missing"),
    ("role-dlm", ("properties", "Policies", "work"), "all", ".properties.Policies.work: expected an object, not text"),
    ("dlm-volumes", ("properties", "PolicyDetails", "Schedules"), ["daily"], "Schedules[0]: expected an object, not text"),
    ("trail-main", ("properties", "AdvancedEventSelectors"), [True], "AdvancedEventSelectors[0]: expected an object, not a boolean"),
]


@pytest.mark.parametrize(("key", "path", "value", "message"), CASES)
def test_the_place_that_is_wrong_is_named(key, path, value, message):
    with pytest.raises(DesignError) as error:
        load_design(broken(key, path, value).document)
    assert str(error.value).startswith(f"resources[{place(DESIGN.document, key)}]")
    assert str(error.value).endswith(message)


@pytest.mark.parametrize("resources", [{}, "x", ["x"], [None]])
def test_resources_that_are_no_list_of_objects_are_refused(resources):
    with pytest.raises(DesignError, match="resources"):
        load_design(Design.of({**DESIGN.document, "resources": resources}).document)


@pytest.mark.parametrize("name", ["northwind-clinics", "baltic-bank", "lumen-media"])
def test_designs_of_the_engine_have_the_structure(name):
    design = evaluate(example(name))
    assert load_design(design.document).digest == design.digest


@pytest.mark.parametrize("command", ["plan", "export"])
def test_commands_end_with_the_place_and_touch_nothing(command, tmp_path):
    path = tmp_path / "design.json"
    path.write_text(broken("bucket-data", ("properties", "LifecycleRules"), ["text"]).text())
    more = {"plan": ("--account", "123456789012"), "export": ("--format", "terraform", "--account", "123456789012")}[command]
    done = manage(command, path, *more, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "properties.LifecycleRules[0]: expected an object, not text" in done.stderr
    assert not (tmp_path / "out").exists()
