"""On which days a Chinese firm works, and how much it sells in which season. Pure."""

from datetime import date, timedelta

# New Year's Day of the Chinese calendar, as month and day.
_SPRING_FESTIVALS = {
    2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19),
    2035: (2, 8), 2036: (1, 28), 2037: (2, 15), 2038: (2, 4), 2039: (1, 24), 2040: (2, 12),
}  # fmt: skip
# How busy each month is, January first; the fourth quarter is the strong one.
_BUSY = (85, 75, 95, 100, 100, 95, 90, 92, 105, 110, 130, 145)
# Before the festival the customers stop ordering, after it they come back slowly.
_QUIET_BEFORE, _QUIET_AFTER = 8, 14


def spring_festival(year: int) -> date:
    """The first day of the Chinese year; roughly, beyond the years that the table knows."""
    month, day = _SPRING_FESTIVALS.get(year, (2, 5))
    return date(year, month, day)


def is_workday(day: date) -> bool:
    """Weekends and the long holidays are free; the make-up workdays of single years are left out."""
    if day.weekday() >= 5:
        return False
    days_after = (day - spring_festival(day.year)).days
    return not (-1 <= days_after <= 6) and (day.month, day.day) not in _FIXED_HOLIDAYS


_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))}


def workday(day: date) -> date:
    """`day` itself where it is a workday, else the next one."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workday_before(day: date) -> date:
    """`day` itself where it is a workday, else the last one before it."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def demand(day: date) -> int:
    """How much of its trade a firm does on `day`, against 100 on a usual workday."""
    if not is_workday(day):
        return 0
    days_after = (day - spring_festival(day.year)).days
    quiet = -_QUIET_BEFORE <= days_after <= _QUIET_AFTER
    return _BUSY[day.month - 1] * (35 if quiet else 100) // 100


def month_start(day: date, months_back: int = 0) -> date:
    """The first of the month that lies `months_back` months before that of `day`."""
    years_back, month = divmod(day.month - 1 - months_back, 12)
    return date(day.year + years_back, month + 1, 1)
