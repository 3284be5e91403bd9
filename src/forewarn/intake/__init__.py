"""What comes from outside: the one room that opens files of strangers, and has them parsed in a box."""

from forewarn.intake.files import open_file, read_file
from forewarn.intake.sandbox import Limits, isolated

__all__ = ["Limits", "isolated", "open_file", "read_file"]
