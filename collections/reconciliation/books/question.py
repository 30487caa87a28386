"""What the pages of the books are asked."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class By(StrEnum):
    """What a row stands for: a customer, or whoever answers for customers now."""

    CUSTOMER = "customer"
    SALESPERSON = "salesperson"


class What(StrEnum):
    GOODS = "goods"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Question:
    as_of: date
    # Only what was recorded by the end of that day; None: all that is known now.
    known_on: date | None = None
    by: By = By.CUSTOMER
    words: str = ""
    # Who answers for the customer now; 0: nobody.
    salesperson: int | None = None
    customer: int | None = None
    key_account: bool | None = None
    currency: str = ""
    # Rows on which the books agree as well.
    with_agreeing: bool = False
    # Of the entries alone: what they are, and how many days old, both ends included.
    what: What | None = None
    oldest: int | None = None
    youngest: int | None = None
