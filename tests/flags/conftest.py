"""What several tests of the flags stand on."""

import pytest

from ledger import posting


@pytest.fixture
def nobody_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts that are really committed raise no flags by themselves."""
    monkeypatch.setattr(posting, "FOLLOWERS", [])
