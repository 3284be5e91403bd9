"""Forms of documents that are read."""

from typing import Final

SUFFIXES: Final = (".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".odt", ".eml")
"""Endings of files that are taken for documents."""
FORMATS: Final = "text, HTML, PDF, .docx, .odt or .eml"
"""The same for people."""
