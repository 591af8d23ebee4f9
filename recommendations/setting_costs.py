"""Costs by the setting that causes them, and month by month, from the cost lines of a design: worked out when somebody asks.

Money is settled here: parts of a sum are rounded so that they add up to the sum as it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from recommendations.costs import CENT, ZERO, cents, growth_factor, money

Plain = Mapping[str, Any]
TENTH = Decimal("0.1")
ALL = Decimal(100)


def settled(parts: Sequence[Decimal], total: Decimal, step: Decimal) -> list[Decimal]:
    """`parts` in whole `step`s that add up to `total` in the proportion of the parts: largest remainder. Zeros where there is nothing.

    `total` is a multiple of `step`, and no part is below zero.
    """
    whole = sum(parts, ZERO)
    if whole <= 0:
        return [ZERO for _ in parts]
    exact = [part * total / whole for part in parts]
    found = [(one / step).to_integral_value(ROUND_FLOOR) * step for one in exact]
    missing = int((total - sum(found, ZERO)) / step)
    for index in sorted(range(len(parts)), key=lambda i: (found[i] - exact[i], i))[:missing]:
        found[index] += step
    return found


def labels_of(settings: Iterable[Plain], labels: dict[str, str] | None = None) -> dict[str, str]:
    """Name of a setting -> its label; the first one of a name counts."""
    found = {} if labels is None else labels
    for one in settings:
        found.setdefault(one["name"], one["label"])
    return found


def design_labels(settings: Iterable[Plain], workloads: Iterable[Plain]) -> dict[str, str]:
    """Labels of all settings of a design, those of the whole engagement first."""
    found = labels_of(settings)
    for workload in workloads:
        labels_of(workload["settings"], found)
    return found


def by_setting(lines: Iterable[Plain], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """`setting`, `label`, `monthly` and `share` (percent) of cost lines, dearest first, those without a known price last.

    The amounts are sums of printed lines, so they add up to the total; shares add up to 100. Where one price is unknown, the setting it
    belongs to has no amount and no setting has a share. Lines of older designs name no setting: then nothing is given.
    """
    sums: dict[str, Decimal] = {}
    gaps = set()
    for line in lines:
        name = line.get("setting")
        if not name:
            return []
        if line["monthly"] is None:
            gaps.add(name)
        sums[name] = sums.get(name, ZERO) + Decimal(line["monthly"] or 0)
    names = sorted(sums, key=lambda name: (name in gaps, -sums[name], name))
    shared = not gaps and sum(sums.values(), ZERO) > 0
    shares = settled([sums[name] for name in names], ALL, TENTH) if shared else [None] * len(names)
    return [
        {
            "setting": name,
            "label": labels.get(name, name),
            "monthly": None if name in gaps else money(sums[name]),
            "share": share,
        }
        for name, share in zip(names, shares, strict=True)
    ]


def settings_of_workload(document: Plain, workload: Plain) -> list[dict[str, Any]]:
    """`by_setting` of one workload of a design."""
    return by_setting(workload["costs"], labels_of(workload["settings"], labels_of(document["settings"])))


def costs_of_workload(document: Plain, key: str) -> list[dict[str, Any]]:
    """Month by month what one workload costs: `month`, `design`, `naive`, and `today`, the customer's bill split by size of data.

    Raises KeyError for a workload that is not there. Designs of earlier versions do not say the growth of a workload: no rows.
    """
    workload = next((one for one in document["workloads"] if one["key"] == key), None)
    if workload is None:
        raise KeyError(key)
    return _months_of(document, workload, bytes_of(document))


def costs_by_workload(document: Plain) -> Iterator[tuple[Plain, list[dict[str, Any]]]]:
    """Each workload of a design with its `costs_of_workload`, one after the other."""
    whole = bytes_of(document)
    for workload in document["workloads"]:
        yield workload, _months_of(document, workload, whole)


def bytes_of(document: Plain) -> int:
    """All data of a design."""
    return sum(one["size_bytes"] for one in document["workloads"])


def today_of(document: Plain, workload: Plain, whole: int) -> Decimal | None:
    """A workload's part of what the customer pays today, by size of data, unrounded; `whole` is `bytes_of` the design."""
    today = document["costs"]["today"]
    return Decimal(today) * workload["size_bytes"] / whole if today is not None and whole else None


def _months_of(document: Plain, workload: Plain, whole: int) -> list[dict[str, Any]]:
    if workload.get("growth_percent") is None:
        return []
    own = today_of(document, workload, whole)
    amounts = {"design": decimal(workload["monthly_cost"]), "naive": decimal(workload["monthly_naive"]), "today": own}
    growth = Decimal(workload["growth_percent"])
    rows = []
    for month in range(1, document["costs"]["horizon_months"] + 1):
        factor = growth_factor(growth, month)
        rows.append({"month": month, **{name: None if one is None else money(one * factor) for name, one in amounts.items()}})
    return rows


def months_by_setting(document: Plain) -> dict[str, list[Decimal]]:
    """Setting -> USD in each month of the design, the settings as in `costs.by_setting`; a month's figures add up to its `design`.

    Empty where a price is unknown, and for designs of earlier versions.
    """
    costs = document["costs"]
    months, settings = costs["months"], [one["setting"] for one in costs.get("by_setting") or ()]
    if not settings or any(one["design"] is None for one in months):
        return {}
    sums: dict[tuple[str, Decimal], Decimal] = {}
    shared = [(line, ZERO) for line in costs["shared"]]
    own = ((line, Decimal(one["growth_percent"])) for one in document["workloads"] for line in one["costs"])
    for line, growth in (*shared, *own):
        place = (line["setting"], growth)
        sums[place] = sums.get(place, ZERO) + Decimal(line["monthly"])
    found: dict[str, list[Decimal]] = {name: [] for name in settings}
    for row in months:
        amounts = dict.fromkeys(settings, ZERO)
        for (name, growth), amount in sums.items():
            amounts[name] += amount * growth_factor(growth, row["month"])
        for name, amount in zip(settings, settled(list(amounts.values()), cents(Decimal(row["design"])), CENT), strict=True):
            found[name].append(amount)
    return found


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
