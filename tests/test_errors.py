from __future__ import annotations

import inspect
import pickle

from crawler import errors
from crawler.errors import CrawlerError, InputError

CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, CrawlerError)
]


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = errors.__doc__ or ""
    for error in CLASSES:
        line = next(line for line in drawn.splitlines() if error.__name__ in line)
        assert f" {error.exit_code} " in line


def test_every_error_is_a_crawler_error() -> None:
    assert [value for value in vars(errors).values() if inspect.isclass(value)] == CLASSES


def test_an_error_says_the_input_what_happened_and_what_to_do() -> None:
    assert str(InputError("a.md", "is empty", "delete it")) == "a.md: is empty; delete it"


def test_an_error_survives_the_trip_back_from_a_worker() -> None:
    # (our own bytes)
    error = pickle.loads(pickle.dumps(InputError("a.md", "is empty")))  # noqa: S301
    assert str(error) == "a.md: is empty"
