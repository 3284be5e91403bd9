"""Forecast to files people use: one page, tables, the forecast itself, and how it was made."""

from forewarn.outlook.contents.console import HeadlineRow, headline
from forewarn.outlook.page.render import render_page
from forewarn.outlook.writing import refuse_foreign, write

__all__ = ["HeadlineRow", "headline", "refuse_foreign", "render_page", "write"]
