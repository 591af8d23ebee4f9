"""Decision tables as DMN 1.3 XML (OMG formal/2021-02-04), with a requirements diagram, for editors and engines of others.

A file holds decisions with their tables, the inputs they need, and what AWS says as knowledge sources; annotations say why a row is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from recommendations.tables import feel
from recommendations.tables.dmn_diagram import Link, draw
from recommendations.tables.model import Input, RulePack, Table

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
EXPORTER = "Stowplan"
# Page -> the limits of AWS that it states, for a table.
Limits = Mapping[str, Sequence[Mapping[str, str]]]
# Table -> input -> the tables whose decisions it is made from.
Before = Mapping[str, Mapping[str, Sequence[str]]]


def table_xml(pack: RulePack, name: str, limits: Limits) -> bytes:
    """One table as a file of its own. Raises KeyError for a table that the pack does not have."""
    return _File(pack, [pack[name]], limits, {}).xml(pack[name].title, f"table_{name}")


def pack_xml(pack: RulePack, limits: Limits, before: Before) -> bytes:
    """All tables in one file, with the decisions that feed others drawn between them."""
    return _File(pack, list(pack.tables.values()), limits, before).xml("Rule pack", "rule_pack")


class _File:
    def __init__(self, pack: RulePack, tables: Sequence[Table], limits: Limits, before: Before) -> None:
        self.pack, self.tables, self.limits, self.before = pack, tables, limits, before
        self.links: list[Link] = []
        uses: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
        for table in tables:
            for item in table.inputs:
                uses.setdefault(item.name, set()).add((item.type, item.options))
        self.clashing = {name for name, kinds in uses.items() if len(kinds) > 1}

    def variable(self, table: Table, item: Input) -> str:
        """The name of an input; where tables mean different things by one name, the table's name goes before it."""
        return f"{table.name}_{item.name}" if item.name in self.clashing else item.name

    def xml(self, title: str, key: str) -> bytes:
        root = Element("definitions", xmlns=MODEL, id=key, name=title, namespace=f"urn:stowplan:rules:{self.pack.digest}")
        root.set("exporter", EXPORTER)
        root.set("exporterVersion", f"rule pack {self.pack.version}")
        _text(root, "description", f"Rule pack {self.pack.version}, {self.pack.digest}. Sizes are numbers of bytes.")
        for table in self.tables:
            self.decision(root, table)
        made: set[str] = set()
        for table in self.tables:
            for item in table.inputs:
                name = self.variable(table, item)
                if name not in made:
                    made.add(name)
                    self.input_data(root, item, name)
        for page in dict.fromkeys(one["page"] for table in self.tables for one in self.limits.get(table.name, ())):
            said = [one["limit"] for table in self.tables for one in self.limits.get(table.name, ()) if one["page"] == page]
            source = SubElement(root, "knowledgeSource", id=self.page_id(page), name="AWS documentation", locationURI=page)
            _text(source, "description", " ".join(said))
            _text(source, "type", "AWS documentation")
        draw(root, [table.name for table in self.tables], self.links)
        indent(root)
        text: str = tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()

    def page_id(self, page: str) -> str:
        pages = dict.fromkeys(one["page"] for table in self.tables for one in self.limits.get(table.name, ()))
        return f"aws_{[*pages].index(page) + 1}"

    def input_data(self, root: Element, item: Input, name: str) -> None:
        data = SubElement(root, "inputData", id=f"input_{name}", name=name)
        _text(data, "description", f"From the answers {', '.join(item.answers)}." if item.answers else "From decisions before.")
        SubElement(data, "variable", id=f"input_{name}_variable", name=name, typeRef=feel.TYPES[item.type])

    def decision(self, root: Element, table: Table) -> None:
        found = SubElement(root, "decision", id=table.name, name=table.title)
        _text(found, "description", table.source)
        single = table.outputs[0] if len(table.outputs) == 1 and not table.outputs[0].many else None
        SubElement(found, "variable", id=f"{table.name}_variable", name=table.name, typeRef="string" if single else "Any")
        names = {table.name for table in self.tables}
        fed = dict.fromkeys(one for item in table.inputs for one in self.before.get(table.name, {}).get(item.name, ()) if one in names)
        for one in fed:
            self.requires(found, "information", "requiredDecision", table.name, one)
        for item in table.inputs:
            self.requires(found, "information", "requiredInput", table.name, f"input_{self.variable(table, item)}")
        for page in dict.fromkeys(one["page"] for one in self.limits.get(table.name, ())):
            self.requires(found, "authority", "requiredAuthority", table.name, self.page_id(page))
        self.table(found, table)

    def requires(self, decision: Element, kind: str, role: str, target: str, source: str) -> None:
        key = f"{target}_needs_{source}"
        need = SubElement(decision, f"{kind}Requirement", id=key)
        SubElement(need, role, href=f"#{source}")
        self.links.append(Link(key, source, target))

    def table(self, decision: Element, table: Table) -> None:
        made = SubElement(decision, "decisionTable", id=f"{table.name}_table", hitPolicy=table.hit_policy.upper())
        for item in table.inputs:
            key = f"{table.name}_in_{item.name}"
            clause = SubElement(made, "input", id=key, label=item.name.replace("_", " "))
            expression = SubElement(clause, "inputExpression", id=f"{key}_expression", typeRef=feel.TYPES[item.type])
            _text(expression, "text", self.variable(table, item))
            if item.options:
                _values(clause, "inputValues", key, item.options)
        for output in table.outputs:
            key = f"{table.name}_out_{output.name}"
            kind = "Any" if output.many else "string"
            clause = SubElement(made, "output", id=key, label=output.setting or output.name, name=output.name, typeRef=kind)
            if not output.many:
                _values(clause, "outputValues", key, output.values)
        for name in ("Because", "Source"):
            SubElement(made, "annotation", name=name)
        for row in table.rows:
            rule = SubElement(made, "rule", id=row.id)
            _text(rule, "description", row.because)
            for item in table.inputs:
                _entry(rule, "inputEntry", f"{row.id}_in_{item.name}", feel.test(row.tests.get(item.name)))
            for output in table.outputs:
                _entry(rule, "outputEntry", f"{row.id}_out_{output.name}", feel.value(row.then[output.name]))
            for words in (row.because, row.source):
                _text(SubElement(rule, "annotationEntry"), "text", words)


def _text(parent: Element, tag: str, words: str) -> None:
    SubElement(parent, tag).text = words


def _entry(parent: Element, tag: str, key: str, words: str) -> None:
    _text(SubElement(parent, tag, id=key), "text", words)


def _values(parent: Element, tag: str, key: str, options: Iterable[str]) -> None:
    _entry(parent, tag, f"{key}_values", ", ".join(feel.word(one) for one in options))
