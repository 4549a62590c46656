"""What tests and their cases are called: the same in every process that collects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def _cases(request: pytest.FixtureRequest) -> list[tuple[str, list[object]]]:
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    return [(spec.id, list(spec.params.values())) for spec in specs if spec is not None]


def test_no_case_is_called_by_bytes(request: pytest.FixtureRequest) -> None:
    """A file that a test makes may hold the time, and the next process would find another test."""
    named = [
        name
        for name, values in _cases(request)
        if any(isinstance(value, bytes) and repr(value) in name for value in values)
    ]
    assert named == []


def test_no_case_is_called_by_a_whole_text(request: pytest.FixtureRequest) -> None:
    names = [name.encode().decode("unicode_escape") for name, _ in _cases(request)]
    assert [name for name in names if len(name) > 300] == []
