"""Settings of whoever runs the tests or a benchmark are not theirs to use.

Commands take the archive that `CRAWLER_DB` or the user's own config.toml names; there a test would
forget articles, and a benchmark keep invented ones.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import platformdirs

from crawler.cli.group import APP, DEFAULT_CONFIG

_NAMED = ("CRAWLER_CONFIG", "CRAWLER_DB")


def leave_the_users_settings() -> None:
    """Let no command of this process, nor of those that it starts, come to the user's archive."""
    for name in _NAMED:
        os.environ.pop(name, None)
    if os.path.lexists(platformdirs.user_config_path(APP) / DEFAULT_CONFIG):
        nothing = tempfile.mkdtemp(prefix="settings-")
        atexit.register(shutil.rmtree, nothing, ignore_errors=True)
        os.environ["XDG_CONFIG_HOME"] = nothing
