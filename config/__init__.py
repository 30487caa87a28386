"""The ground floor: settings, addresses, jobs, and what every page and sheet shares."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
