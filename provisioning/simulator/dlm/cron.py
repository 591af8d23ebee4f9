"""As much of AWS cron expressions as DLM's own limits need: how often does it fire?"""

import re

FIELDS = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
SINGLE = re.compile(r"\d+")
DAY_OF_MONTH = re.compile(r"\d+W?|LW?")
DAY_OF_WEEK = re.compile(r"(\d|[A-Z]{3})(#[1-5]|L)")


def problem(expression: str) -> str | None:
    """Why the expression is none of DLM's: six fields, one of the day fields `?`, at most hourly."""
    found = FIELDS.fullmatch(expression)
    if not found:
        return "has not six fields: cron(minutes hours day-of-month month day-of-week year)"
    minute, _hour, day, _month, weekday, _year = found.groups()
    if (day == "?") == (weekday == "?"):
        return "needs ? in exactly one of day-of-month and day-of-week"
    if not SINGLE.fullmatch(minute) or int(minute) > 59:
        return "must not fire more often than once an hour"
    return None


def at_least_28_days(expression: str) -> bool:
    """Does the expression fire at most once a month? (The least gap of a monthly expression is 28 days.)"""
    found = FIELDS.fullmatch(expression)
    if not found:
        return False
    minute, hour, day, _month, weekday, _year = found.groups()
    once_a_day = bool(SINGLE.fullmatch(minute) and SINGLE.fullmatch(hour))
    once_a_month = bool(DAY_OF_MONTH.fullmatch(day) or DAY_OF_WEEK.fullmatch(weekday))
    return once_a_day and once_a_month
