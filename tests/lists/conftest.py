from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def choosing(settings: Any) -> None:
    """A list whose rows can be chosen, at /choosing/."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.lists.urls"
