"""How mature each pillar is today and with the design: practices as data, and what a customer and a design have of them."""

from recommendations.maturity.evaluate import maturity_of
from recommendations.maturity.practices_file import Pillar, Practice, PracticeError, load_practices, read_practices

__all__ = ["Pillar", "Practice", "PracticeError", "load_practices", "maturity_of", "read_practices"]
