"""A circuit breaker, so that a partner that hangs doesn't make everybody wait."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after some failures in a row; then lets one call in per cool-down try again."""

    def __init__(
        self,
        *,
        failures: int = 2,
        cooldown_seconds: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed_failures = failures
        self._cooldown = cooldown_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures_in_row = 0
        self._retry_at = 0.0

    def allows(self) -> bool:
        """Whether to call now. When open, a yes is given to one caller per cool-down."""
        with self._lock:
            if self._failures_in_row < self._allowed_failures:
                return True
            now = self._clock()
            if now < self._retry_at:
                return False
            self._retry_at = now + self._cooldown
            return True

    def succeeded(self) -> None:
        """The call went well: everyone may call again."""
        with self._lock:
            self._failures_in_row = 0

    def failed(self) -> None:
        """The call failed; enough of these in a row open the breaker."""
        with self._lock:
            self._failures_in_row += 1
            self._retry_at = self._clock() + self._cooldown

    @property
    def is_open(self) -> bool:
        """Whether calls are being refused, for a health page."""
        with self._lock:
            return self._failures_in_row >= self._allowed_failures
