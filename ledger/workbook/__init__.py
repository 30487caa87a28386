"""A firm's books in a workbook: read with care, checked as a whole, posted all at once or not at all.

Kept free of imports: the process that reads foreign files starts from here, and should start light.
"""
