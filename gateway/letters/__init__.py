"""The circular about how complaints were answered: composed, worded, and given out as a page, a workbook or JSON."""
