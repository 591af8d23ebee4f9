"""What the design page shows, prepared from a design's plain data: groups, figures, and the answers behind each setting."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assessment.answer_tree import AnswerTree, Scope, text_of
from assessment.engagement import engagement_from_document
from assessment.questionnaire import load_questionnaire
from recommendations import judgement
from recommendations.overrides import OFFERED
from recommendations.recovery_points import described, series_by_workload
from recommendations.setting_costs import bytes_of, design_labels, settings_of_workload, today_of
from recommendations.tables import load_rule_pack

SEVERITIES = ("critical", "high", "medium", "low")
# (workload key or None, question id) -> address of the question on its discovery page, or None.
Link = Callable[[str | None, str], str | None]


@dataclass(frozen=True)
class AnswerShown:
    """One answer behind a decision: its question, what was said, and where to change it."""

    question: str
    text: str
    value: str
    state: str
    url: str | None


@dataclass
class DesignPage:
    """One design.json for the page. `link` finds the discovery page of a question."""

    document: Mapping[str, Any]
    link: Link
    _answers: dict[tuple[str | None, str], AnswerShown | None] = field(default_factory=dict)

    @cached_property
    def tree(self) -> AnswerTree:
        return AnswerTree(load_questionnaire(), engagement_from_document(self.document["answers"]))

    @cached_property
    def names(self) -> dict[str, str]:
        return {workload["key"]: workload["name"] for workload in self.document["workloads"]}

    @cached_property
    def kept(self) -> dict[str, str]:
        """By workload what there is to go back to, in words; nothing for one without recovery points."""
        return {key: described(rows) for key, rows in series_by_workload(self.document).items() if rows}

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """Findings by severity, the worst first: {severity, findings}; each finding with its answers and workload name."""
        groups = []
        for severity in SEVERITIES:
            found = [self._finding(index, one) for index, one in enumerate(self.document["findings"]) if one["severity"] == severity]
            if found:
                groups.append({"severity": severity, "findings": found})
        return groups

    def _finding(self, index: int, finding: Mapping[str, Any]) -> dict[str, Any]:
        answers = self.answers(finding["workload"], finding["answers"])
        name = self.names.get(finding["workload"] or "")
        label = self.labels.get(finding["setting"] or "", "")
        return {**finding, "setting_label": label, "workload_name": name, "shown": answers, "pointer": f"findings/{index}"}

    @cached_property
    def resources(self) -> list[dict[str, Any]]:
        """The AWS resources, each with the pointer of its trace."""
        return [{**one, "pointer": f"resources/{one['key']}"} for one in self.document["resources"]]

    @cached_property
    def settings(self) -> list[dict[str, Any]]:
        """The settings of the whole customer."""
        return [self._setting(None, setting) for setting in self.document["settings"]]

    @cached_property
    def workloads(self) -> list[dict[str, Any]]:
        """Workloads with their settings, and whether every recovery objective is met."""
        whole = bytes_of(self.document)
        return [
            {
                **workload,
                "settings": [self._setting(workload["key"], setting) for setting in workload["settings"]],
                "met": all(met(row) for row in workload["recovery"]),
                "by_setting": settings_of_workload(self.document, workload),
                "today": today_of(self.document, workload, whole),
                "costs": [{**line, "setting_label": self.setting_labels.get(line.get("setting") or "")} for line in workload["costs"]],
            }
            for workload in self.document["workloads"]
        ]

    @cached_property
    def setting_labels(self) -> dict[str, str]:
        """Name of a setting of the design -> its label."""
        return design_labels(self.document["settings"], self.document["workloads"])

    @cached_property
    def assumptions(self) -> list[dict[str, Any]]:
        """What is assumed, with the name of its workload (None for the customer)."""
        return [self._named(point) for point in self.document["assumptions"]]

    @cached_property
    def open_points(self) -> list[dict[str, Any]]:
        """What is open, with the name of its workload (None for the customer)."""
        return [self._named(point) for point in self.document["open_points"]]

    @cached_property
    def overrides(self) -> list[dict[str, Any]]:
        """The overrides that the design was made with, with the name of each workload."""
        return [self._named(one) for one in self.document.get("overrides", ())]

    def _named(self, point: Mapping[str, Any]) -> dict[str, Any]:
        return {**point, "workload_name": self.names.get(point["workload"] or "")}

    @cached_property
    def handover(self) -> list[dict[str, Any]]:
        """What is designed and done by people, by workload: {name, rows}."""
        groups: dict[str | None, list[Any]] = {}
        for one in self.document["handover"]:
            groups.setdefault(one["workload"], []).append(one)
        return [{"name": self.names.get(key or "", "All workloads"), "rows": items} for key, items in groups.items()]

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each table decides, in words."""
        return {name: table.title for name, table in load_rule_pack().tables.items()}

    @cached_property
    def pillars(self) -> list[dict[str, Any]]:
        """Pillars with their practices; each practice with the answers behind it."""
        found = judgement.pillars_shown(self.document, self.names)
        for practice in (practice for pillar in found for practice in pillar["practices"]):
            practice["shown"] = self.questions(practice["evidence"]["answers"])
        return found

    def questions(self, names: Iterable[str]) -> list[AnswerShown]:
        """Questions of the customer with their answers, those of workloads by their text alone, since each workload answers them."""
        return [shown for name in names if (shown := self._answer(None, name))]

    @cached_property
    def conflicts(self) -> list[dict[str, Any]]:
        """Demands that stand against each other, with the options that settle them."""
        return judgement.conflicts_shown(self.document, self.names)

    @cached_property
    def regimes(self) -> list[dict[str, Any]]:
        """The rules that apply, with how many of their controls are supported."""
        return judgement.regimes_shown(self.document)

    def _setting(self, workload: str | None, setting: Mapping[str, Any]) -> dict[str, Any]:
        """A setting with the answers behind it, the pointer of its trace, and the query that begins an override of it."""
        pointer = f"settings/{setting['name']}" if workload is None else f"workloads/{workload}/settings/{setting['name']}"
        offered = workload is not None and setting["table"] in OFFERED
        override = f"workload={workload}&setting={setting['table']}" if offered else ""
        return {**setting, "shown": self.answers(workload, setting["answers"]), "pointer": pointer, "override": override}

    @cached_property
    def objectives(self) -> dict[str, int]:
        """How many objectives there are, data and time of each disruption one each as in the documents, and how many are met."""
        rows = [row for workload in self.document["workloads"] for row in workload["recovery"]]
        marks = [row[name] for row in rows for name in ("rpo_met", "rto_met") if row.get(name) is not None]
        return {"asked": len(marks), "met": sum(marks), "unmet": len(marks) - sum(marks)}

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        """(severity, number) of the findings, the worst first."""
        return [(group["severity"], len(group["findings"])) for group in self.findings]

    def answers(self, workload: str | None, questions: Iterable[str]) -> list[AnswerShown]:
        """What was answered to these questions, in the words of the design's own answers."""
        return [shown for question in questions if (shown := self._answer(workload, question))]

    def _answer(self, workload: str | None, question: str) -> AnswerShown | None:
        key = (workload, question)
        if key not in self._answers:
            self._answers[key] = self._look_up(workload, question)
        return self._answers[key]

    def _look_up(self, workload: str | None, question_id: str) -> AnswerShown | None:
        question = self.tree.questionnaire.questions.get(question_id)
        if question is None:
            return None
        scope = self._scope(workload)
        value = scope.value(question_id) if scope else None
        state = scope.state(question_id) if scope else "unanswered"
        home = workload if question.scope == "workload" else None
        return AnswerShown(question_id, question.text, text_of(question, value) or "–", state, self.link(home, question_id))

    def _scope(self, workload: str | None) -> Scope | None:
        try:
            return self.tree.scope(workload)
        except KeyError:
            return None


def met(row: Mapping[str, Any]) -> bool:
    """Whether no objective of the row is missed; a row without objectives misses none."""
    return row.get("rpo_met") is not False and row.get("rto_met") is not False
