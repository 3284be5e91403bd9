"""What comes from outside: the one room that opens files of strangers, and has them parsed in a box."""

from forewarn.intake.files import read_file
from forewarn.intake.sandbox import Limits, isolated

__all__ = ["Limits", "isolated", "read_file"]
