"""Values of a design as its pages show them. An odd value is shown as it is; nothing is hidden and nothing raises."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.urls import reverse

from assessment.quantities import parse_duration, write_duration
from assessment.questionnaire import load_questionnaire
from recommendations.compare import plain_text
from recommendations.measured import sentence_of
from recommendations.storage import CLASS_LABELS

register = template.Library()
UNITS = {"m": "minute", "h": "hour", "d": "day", "y": "year"}
BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
DISRUPTIONS = {
    "deletion": "Deleted or corrupted data",
    "hardware": "Failed server or disk",
    "site-loss": "Loss of a zone or site",
    "region-loss": "Loss of a whole Region",
    "ransomware": "Ransomware or rogue administrator",
    "account-loss": "Loss of an AWS account",
    "provider-exit": "Exit from the provider",
}
register.filter("plain", plain_text)


@register.simple_tag
def trace_url(version: int, workload: str, *parts: Any) -> str:
    """Address of the trace of a figure of a workload; `parts` are the rest of its pointer, empty ones left out."""
    pointer = "/".join(["workloads", workload, *(str(part) for part in parts if part != "")])
    return reverse("recommendations:trace", args=[version, pointer])


@register.filter
def money(value: Any) -> str:
    """`USD 1,235`, with cents below 100."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "–" if value is None else str(value)
    places = Decimal("0.01") if abs(amount) < 100 else Decimal(1)
    return f"USD {amount.quantize(places, ROUND_HALF_UP):,f}"


@register.filter
def share(value: Any) -> str:
    """`32.9 %` for a share in percent; `under 0.1 %` for one that rounds to nothing."""
    if value is None:
        return "–"
    percent = Decimal(str(value))
    return f"{percent:.1f} %" if percent else "under 0.1 %"


@register.filter
def signed(value: Any) -> str:
    """`+ USD 12`, `- USD 12`, `no difference`."""
    if not isinstance(value, Decimal):
        return "–" if value is None else str(value)
    return f"{'+' if value > 0 else '−'} {money(abs(value))}" if value else "no difference"


@register.filter
def extra(value: Any) -> str:
    """`USD 12 a month more` for the text of an amount, `USD 12 a month less` for a negative one."""
    amount = Decimal(str(value))
    return f"{money(abs(amount))} a month {'more' if amount > 0 else 'less'}"


@register.filter
def size(value: Any) -> str:
    """`4.2 TiB` for a number of bytes."""
    if not isinstance(value, int):
        return "–" if value is None else str(value)
    amount, unit = Decimal(value), 0
    while amount >= 1024 and unit < len(BINARY) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount.quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f} {BINARY[unit]}"


@register.filter
def duration(value: Any) -> str:
    """`15 minutes` for `15m`, `26 h 47 min` for `1607m`."""
    try:
        span = parse_duration(value)
    except ValueError:
        return "–" if value is None else str(value)
    hours, rest = divmod(span, timedelta(hours=1))
    if hours and rest:
        return f"{hours} h {rest // timedelta(minutes=1)} min"
    text = write_duration(span)
    number, noun = text[:-1], UNITS[text[-1]]
    return f"{number} {noun}{'' if number == '1' else 's'}"


@register.filter
def age(days: Any) -> str:
    """`90 days`, `11 years` for an age in days."""
    return duration(f"{days}d") if isinstance(days, int) else str(days)


@register.filter
def storage_class(name: str) -> str:
    """`S3 Glacier Instant Retrieval` for `GLACIER_IR`."""
    return CLASS_LABELS.get(name, name)


@register.filter
def disruption(name: str) -> str:
    return DISRUPTIONS.get(name, words(name))


@register.filter
def measured(entry: Any) -> str:
    """What a restore drill measured, beside the estimate."""
    return sentence_of(entry)


@register.filter
def objective(place: str) -> str:
    """`RPO after loss of a whole Region` for `region-loss/rpo`."""
    event, _, figure = place.partition("/")
    text = disruption(event)
    return f"{figure.upper()} after {text[:1].lower()}{text[1:]}"


@register.filter
def answer_label(value: str, question: str) -> str:
    """An option's value in the words of its question."""
    asked = load_questionnaire().questions.get(question)
    return asked.label_of(value) if asked else words(value)


@register.filter
def words(identifier: Any) -> str:
    """`Log archive` for `log-archive`."""
    text = str(identifier or "").replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


@register.filter
def lookup(names: Any, key: str) -> str:
    """What a map calls `key`; the key itself where it does not say."""
    return str(names.get(key, key))
