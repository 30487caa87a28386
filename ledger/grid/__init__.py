"""Many documents at once, typed or pasted from a spreadsheet: read as the import reads them, posted all or none."""
