"""The door of the worker that mails what is due."""

import logging

from celery import shared_task
from django.db import OperationalError

from config.saved import sending

logger = logging.getLogger(__name__)


@shared_task
def send_due() -> None:
    try:
        sending.send_due()
    except OperationalError:
        logger.warning("The database is busy or away; views that are due are sent the next time.")
