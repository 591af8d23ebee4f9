"""The note beside the templates: order, parameters, commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from provisioning.exporters import ExportFile
from provisioning.exporters.layout import Layout, Stack

DIRECT_BYTES = 51_200  # AWS's limit for a template that is sent with the call


def readme(layout: Layout, parameters: Mapping[str, Mapping[str, str]], files: Sequence[ExportFile], rest: Sequence[str] = ()) -> str:
    """Markdown. `parameters` are those of each stack: parameter -> resource key of the stack that gives it. `rest` are lines at the end."""
    size = {file.name: len(file.text.encode()) for file in files}
    lines = [
        "# CloudFormation export",
        "",
        f"Design `{layout.digest}`. Names and accounts are literal: each template is for one account and Region.",
        "Make the stacks in this order. Parameters are outputs of stacks that come before.",
        "",
        "| | stack | account | Region | file |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {number} | {stack.name} | {stack.account} | {stack.region} | {_file(stack)} |" for number, stack in enumerate(layout.stacks, 1)
    ]
    made = {key: stack for stack in layout.stacks for key in stack.keys}
    for number, stack in enumerate(layout.stacks, 1):
        lines += ["", f"## {number}. {stack.name}", ""]
        needed = sorted(parameters[stack.name].items())
        if needed:
            lines += [
                "Parameters (each the output of the same name):",
                "",
                *(f"- `{name}` of {made[key].name}" for name, key in needed),
                "",
            ]
        names = [name for name, _ in needed]
        lines += ["```sh", *(_imported(stack, names) if stack.adopted else _deployed(stack, names, size[_file(stack)])), "```"]
    if any(stack.adopted for stack in layout.stacks):
        lines += ["", *EXISTING]
    lines += rest
    return "\n".join(lines) + "\n"


EXISTING = (
    "## Buckets that are there already",
    "",
    "An import set takes a bucket into a stack without touching it (`ImportTemplate`); `UpdateTemplate` then sets it as designed.",
    "CloudFormation owns a bucket's whole lifecycle, replication, policy and tags: rules, statements and tags that others put there are",
    "replaced by the update. Add what is to stay to `UpdateTemplate` first. (`manage.py apply` keeps them by itself.)",
)


def _file(stack: Stack) -> str:
    return f"{stack.name}.import.json" if stack.adopted else f"{stack.name}.template.yaml"


def _deployed(stack: Stack, parameters: Sequence[str], size: int) -> Iterator[str]:
    # A larger template has to be uploaded first; the CLI does it when it is told where.
    upload = " --s3-bucket BUCKET-FOR-TEMPLATES" if size > DIRECT_BYTES else ""
    given = "".join(f" {name}=ARN" for name in parameters)
    yield f"aws cloudformation deploy --region {stack.region} --stack-name {stack.name} \\"
    yield f"  --template-file {_file(stack)} --capabilities CAPABILITY_NAMED_IAM{upload}{' --parameter-overrides' if given else ''}{given}"


def _imported(stack: Stack, parameters: Sequence[str]) -> Iterator[str]:
    given = "".join(f" ParameterKey={name},ParameterValue=ARN" for name in parameters)
    where = f"--region {stack.region} --stack-name {stack.name}"
    yield f"jq .ImportTemplate {_file(stack)} > import.json"
    yield f"jq .ResourcesToImport {_file(stack)} > resources.json"
    yield f"jq .UpdateTemplate {_file(stack)} > update.json"
    yield f"aws cloudformation create-change-set {where} --change-set-name import \\"
    yield "  --change-set-type IMPORT --template-body file://import.json --resources-to-import file://resources.json"
    yield f"aws cloudformation wait change-set-create-complete {where} --change-set-name import"
    yield f"aws cloudformation execute-change-set {where} --change-set-name import"
    yield f"aws cloudformation wait stack-import-complete {where}"
    yield f"aws cloudformation update-stack {where} --template-body file://update.json{' --parameters' if given else ''}{given}"
