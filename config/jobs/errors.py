class JobRefused(Exception):
    """The job cannot be done; the text says why and how to mend it, and is shown to the person who asked."""
