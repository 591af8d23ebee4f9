"""The decision in force on a design, for every page that shows a design."""

from django import template

from recommendations.models import DesignVersion
from reviews.models import Approval
from reviews.services import in_force

register = template.Library()


@register.simple_tag
def approval_of(design: DesignVersion) -> Approval | None:
    """`{% approval_of version as decision %}`"""
    return in_force(design)
