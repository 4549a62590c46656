"""What is tried again, how often, and after how long. Chance and sleep are handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from crawler.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_WAIT = 4.0  # seconds; doubled with each attempt
LONGEST_WAIT = 120.0
LONGEST_RETRY_AFTER = 3600.0  # the first cool-down: whoever asks for more is not waited for within a run


class Interrupted(FetchError):
    """What another try may mend: no connection, no answer in time, a server's error, an answer cut short."""

    def __init__(self, subject: str, what: str, advice: str = "", retry_after: float = 0.0) -> None:
        super().__init__(subject, what, advice)
        self.retry_after = retry_after


def retrying(attempts: int, *, sleep: Callable[[float], None], chance: Callable[[], float]) -> Retrying:
    """Exponential back-off with full jitter; what the server asked for comes first. The last error is raised."""

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Interrupted) else 0.0
        return max(backoff(state.attempt_number, chance()), asked)

    return Retrying(
        stop=stop_after_attempt(attempts),
        wait=wait,
        retry=retry_if_exception_type(Interrupted),
        sleep=sleep,
        reraise=True,
    )


def backoff(attempt: int, chance: float) -> float:
    """Seconds to wait after the `attempt`th try: anything up to a bound that doubles, so that clients spread out."""
    return chance * min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempt - 1, 16))


def retry_after(header: str, now: float) -> float:
    """Seconds that a Retry-After header asks for, in either of its forms; 0 where it asks for nothing readable."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        return min(float(header[:9]), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - datetime.fromtimestamp(now, UTC)).total_seconds(), 0.0), LONGEST_RETRY_AFTER)
