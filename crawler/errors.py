"""What can break, as one tree; the exit code of the process stands on the class.

    CrawlerError            1   anything below, for callers that only want to report it
    +-- ConfigError         2   config.toml or a flag says something that is not allowed
    +-- InputError          1   a file, folder or link that was given cannot be used
    +-- FetchError          1   the network, or what came over it, failed
    |   +-- ConnectionFailed 1  no connection came about, whatever the article
    +-- Offline             1   no connection came about for several links in a row
    +-- ArchiveError        1   the database or a file beside it cannot be read or written
    |   +-- StrangeArchive  1   it holds something that would act on what is written
    +-- BudgetSpent         1   the requests of this day are used up
    +-- CoolingDown         3   WeChat asked for verification or for slowing down

What WeChat *says* of an article (deleted, verification, ...) is a `State`, a value; it is never
raised.
"""

from __future__ import annotations


class CrawlerError(Exception):
    """Something broke. Says to which input, what happened, and what to do next.

    All three parts are positional so that an error survives the trip back from a worker process.
    """

    exit_code = 1

    def __init__(self, subject: str, what: str, advice: str = "") -> None:
        super().__init__(subject, what, advice)
        self.subject = subject
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        message = f"{self.subject}: {self.what}"
        return f"{message}; {self.advice}" if self.advice else message


class ConfigError(CrawlerError):
    """A setting or a flag has a name or a value that is not allowed."""

    exit_code = 2


def extra_missing(subject: str, error: ModuleNotFoundError, extra: str) -> ConfigError:
    """What to raise where a command needs an optional extra of ours that is not installed."""
    what = f"needs {error.name}, which is not installed"
    return ConfigError(
        subject, what, f'install it with: pip install "wechat-article-archive[{extra}]"'
    )


class InputError(CrawlerError):
    """A file, folder or link that was given cannot be used."""


class FetchError(CrawlerError):
    """A request could not be sent, or its answer could not be read to the end."""


class ConnectionFailed(FetchError):
    """No connection came about, which says nothing of what was to be fetched."""


class Offline(CrawlerError):
    """No connection came about several times in a row, so that the run stops."""


class ArchiveError(CrawlerError):
    """The archive, or a file that is written beside it, cannot be read or written."""


class StrangeArchive(ArchiveError):
    """The archive holds something that is not ours, and may be read but not written."""


class BudgetSpent(CrawlerError):
    """The daily limit is reached; what is left waits in the queue."""


class CoolingDown(CrawlerError):
    """WeChat asked for verification or for slowing down, so nothing is sent for a while."""

    exit_code = 3
