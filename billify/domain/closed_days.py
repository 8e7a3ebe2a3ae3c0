"""The days on which Belgian banks are closed, besides weekends.

Public holidays: royal decree of 18 April 1974, article 1. Bank holidays: those of Febelfin.
A library knows them too, and a test asks it; here they are worked out, since that library
brings the calendars of two hundred countries along, 16 MB in every web process.
"""

from datetime import date, timedelta

_FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
"""New Year, Labour Day, national day, Assumption, All Saints, Armistice, Christmas, 26 December."""
_FROM_EASTER = (-2, 1, 39, 40, 50)
"""Good Friday, Easter Monday, Ascension and the Friday after it, Whit Monday."""


def closed_days(year: int) -> frozenset[date]:
    """Belgian public and bank holidays of a year that can fall on a weekday."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in _FROM_EASTER}
    return frozenset(moving | {date(year, month, day) for month, day in _FIXED})


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * moon) // 433
    month = (h + moon - 7 * m + 90) // 25
    day = (h + moon - 7 * m + 33 * month + 19) % 32
    return date(year, month, day)
