"""Kinds of job for the tests of jobs; a worker in another process registers them too."""

import time
from pathlib import Path
from tempfile import mkstemp

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from customers.models import Customer


def a_file(text: str) -> Path:
    path = Path(mkstemp(suffix=".csv")[1])
    path.write_text(text)
    return path


@job("test_write")
def write(job: Job, progress: Progress) -> Outcome:
    """Creates the customers `params["codes"]`, one after the other, `seconds` apart."""
    codes = job.params["codes"]
    for done, code in enumerate(codes):
        progress(done, len(codes), "customers")
        Customer.objects.create(code=code, name=code)
        time.sleep(job.params.get("seconds", 0))
    return Outcome({"written": len(codes)}, a_file("code\n" + "\n".join(codes)), "customers.csv")


@job("test_read", writes=False)
def read(job: Job, progress: Progress) -> Outcome:
    time.sleep(job.params.get("seconds", 0))
    return Outcome({"read": Customer.objects.count()}, a_file("read"), "read.csv")


@job("test_refuse")
def refuse(job: Job, progress: Progress) -> Outcome:
    Customer.objects.create(code="R", name="half done")
    raise JobRefused("The file has no sheet called Invoices.")


@job("test_break")
def break_(job: Job, progress: Progress) -> Outcome:
    Customer.objects.create(code="B", name="half done")
    raise ZeroDivisionError
