"""What is loaded when it is first asked for (PEP 562): names of facades, and libraries."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as in crawler/__init__.py, which loads this first of all
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def loaded_when_asked(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """A `__getattr__` for a package, given which names each of its modules has.

    A name is set on the package once it was asked for. Raises AttributeError for others.
    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def load(name: str) -> Any:
        from importlib import import_module  # noqa: PLC0415 -- see above

        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(module_of[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return load


def put_off(name: str) -> None:
    """Let a module that others import load when something of it is first asked for.

    What was loaded already, or cannot be, stays as it is.
    """
    from importlib import import_module  # noqa: PLC0415 -- see above
    from importlib.util import find_spec, module_from_spec  # noqa: PLC0415 -- see above

    spec = None if name in sys.modules else find_spec(name)
    if spec is None:
        return
    module = module_from_spec(spec)

    def ask(wanted: str) -> Any:
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    module.__dict__["__getattr__"] = ask
    sys.modules[name] = module
