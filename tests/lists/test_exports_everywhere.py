"""What is seen of a list is what its file holds: values, never the markup around them."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from config.lists.columns import exported
from config.pages import ListPage
from tests.test_query_budgets import ROUTES, a_firm

# Every list of the product that is opened without a key.
LISTS = sorted(
    name
    for name, pattern in ROUTES.items()
    if issubclass(getattr(pattern.callback, "view_class", object), ListPage) and not pattern.pattern.converters
)
# A report whose file is made by itself.
OWN_FILES = ("aging:report",)


@pytest.mark.django_db
def test_no_file_of_a_list_holds_markup_or_what_is_for_the_hand_alone(client: Client) -> None:
    assert {"customers:list", "ledger:entries", "queues:allocate", "dashboard:changes"} <= set(LISTS)
    firm = a_firm()
    client.force_login(firm.finance)
    with_rows = 0
    for name in LISTS:
        address = reverse(name)
        every = {"columns": ",".join(client.get(address).context["table"].base_columns)}
        seen = client.get(address, every).context["table"]
        response = client.get(address, {**every, "_export": "csv"})
        text = b"".join(response).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        if name not in OWN_FILES:
            assert rows[0] == [str(column.header) for column in exported(seen)], name
        marked = [cell for row in rows for cell in row if "<" in cell or "&nbsp;" in cell or "csrf" in cell]
        assert not marked, f"{name}: {marked[:3]}"
        with_rows += len(rows) > 1
    assert with_rows > 5
