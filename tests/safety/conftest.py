"""What the tests of the safety layer share: the rules without the scorer, so that a test of a rule says nothing about weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from safety import backstop
from safety.assess import assess
from safety.types import Assessment, Turn

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def by_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Assessment]:
    """Assess messages of one person with the scorer switched off."""
    monkeypatch.setattr(backstop, "score", lambda *_: None)

    def assessed(*texts: str) -> Assessment:
        return assess([Turn(text) for text in texts])[0]

    return assessed
