"""Tables: one description that makes CSV files, the workbook and the data package."""
