"""Writing spreadsheets: real numbers and dates, text that stays text, and memory that does not grow with the rows.

openpyxl makes the workbook (styles, charts, print set-up); long sheets are streamed as XML into its package, which
takes about a tenth of the time of openpyxl's own write-only mode. docs/aging.md says how the two fit together.
"""

from config.sheets.books import Book, Column, Extent, TooManyRows, heading, put, replacing, write_rows
from config.sheets.cells import Cell, Formula, Style, safe_text, text_width
from config.sheets.lines import csv_lines, write_csv

__all__ = [
    "Book",
    "Cell",
    "Column",
    "Extent",
    "Formula",
    "Style",
    "TooManyRows",
    "csv_lines",
    "heading",
    "put",
    "replacing",
    "safe_text",
    "text_width",
    "write_csv",
    "write_rows",
]
