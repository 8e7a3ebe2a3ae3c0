"""When an account is closed to guesses, and for how long."""

from datetime import timedelta

WRONG_IN_A_ROW = 10
FIRST_TIME = timedelta(minutes=15)
LONGEST = timedelta(days=1)
_DOUBLINGS = 7


def locked_for(*, failed: int) -> timedelta | None:
    """How long the account is closed at this many wrong passwords and codes in a row.

    None when this one does not close it. Each ten more close it for twice as long, up to a day:
    slow enough for guesses (NIST SP 800-63B, 5.2.2, asks for a limit of 100), and short enough
    that a stranger can't keep the person out for long.
    """
    rounds, rest = divmod(failed, WRONG_IN_A_ROW)
    if rounds == 0 or rest:
        return None
    return min(FIRST_TIME * (1 << min(rounds - 1, _DOUBLINGS)), LONGEST)
