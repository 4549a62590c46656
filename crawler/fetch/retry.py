"""What is tried again, how often, and after how long.

A tenacity policy, with chance and sleep handed in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from crawler.errors import ConnectionFailed, FetchError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_WAIT = 120.0  # seconds


class Interrupted(FetchError):
    """What another try may mend.

    No connection, no answer in time, a server's error, an answer cut short.
    """


class Unreachable(Interrupted):
    """No connection came about: no name, no route, nobody who listens."""


def retrying(
    attempts: int, first_wait: float, *, sleep: Callable[[float], None], chance: Callable[[], float]
) -> Retrying:
    """Try up to `attempts` times, with exponential backoff and full jitter.

    The last error is raised.

    `first_wait` is the most seconds that the first wait may take.
    """
    return Retrying(
        stop=stop_after_attempt(attempts),
        wait=lambda state: backoff(state.attempt_number, first_wait, chance()),
        retry=retry_if_exception_type(Interrupted),
        sleep=sleep,
        retry_error_callback=_given_up,
    )


def backoff(attempt: int, first_wait: float, chance: float) -> float:
    """Seconds to wait after a try.

    Anything up to a bound that doubles, so that many clients spread out.
    """
    return chance * min(LONGEST_WAIT, first_wait * 2.0 ** min(attempt - 1, 16))


def _given_up(state: RetryCallState) -> None:
    error = state.outcome and state.outcome.exception()
    if not isinstance(error, Interrupted):
        return
    tries = f" ({state.attempt_number} tries)" if state.attempt_number > 1 else ""
    kind = ConnectionFailed if isinstance(error, Unreachable) else FetchError
    raise kind(error.subject, error.what + tries, error.advice) from error


def retry_after(header: str, now: float) -> float:
    """Seconds that a Retry-After asks to wait, in either of its forms.

    0 where it asks for nothing readable.
    """
    header = header.strip()
    if header.isascii() and header.isdigit():
        return float(header[:10])
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.fromtimestamp(now, UTC)).total_seconds(), 0.0)
