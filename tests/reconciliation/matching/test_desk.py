"""The matching desk: what stands on it, what a click does, and who may not."""

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from config.jobs.models import Job
from config.jobs.running import run
from customers.models import Role
from ledger.closing import close_month
from ledger.models import Entry, Kind
from reconciliation.matching import tasks
from reconciliation.matching.claiming import release
from reconciliation.matching.models import Match, Payer, Rule, SetAside
from reconciliation.matching.queries import exact
from reconciliation.matching.running import weigh_all
from reconciliation.matching.views import desk as desk_views
from tests.build import a_user
from tests.ledger.desk import money
from tests.reconciliation.matching.till import Till, broken, confirmed, open_amounts, opened

pytestmark = pytest.mark.django_db

DESK = "/reconciliation/matching/"


@pytest.fixture
def till(client: Client) -> Till:
    till = Till()
    client.force_login(till.finance)
    return till


def page(client: Client, address: str = DESK) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def told(response: Any) -> str:
    assert response.status_code == 302, response.content.decode()[:500]
    return str(list(get_messages(response.wsgi_request))[-1])


def button(html: str, line: Any) -> dict[str, str]:
    """What the button of the line's best suggestion sends."""
    form = html.split(f'action="{DESK}lines/{line.pk}/accept/"')[1].split("</form>")[0]
    return dict(re.findall(r'name="(key|said|next)" value="([^"]*)"', form))


def test_a_line_stands_beside_what_it_is_and_is_accepted_as_it_was_seen(client: Client, till: Till) -> None:
    till.desk.invoice(300, "2026-03-01", number="FP-2026-300")
    line = till.line(300, memo="付 FP-2026-300", payer_account="6222001234567890")
    till.line("12.34", "谁也不知道")
    weigh_all()
    html = page(client)
    assert "names a document of the customer; names the number, and the amount is right" in html
    assert "1 exact line" in html
    assert "not recorded yet" in html
    data = button(html, line)
    words = told(client.post(f"{DESK}lines/{line.pk}/accept/", {**data, "said": data["said"] + "9"}))
    assert (words, opened(line)) == ("This suggestion has changed; look at the line once more.", 300)
    assert "posted, matched and confirmed" in told(client.post(f"{DESK}lines/{line.pk}/accept/", data))
    assert opened(line) == 0
    assert "done already" in told(client.post(f"{DESK}lines/{line.pk}/accept/", data))
    assert Match.objects.count() == 1


def test_what_a_suggestion_leaves_is_said_before_and_after(client: Client, till: Till) -> None:
    till.desk.invoice(300, "2026-03-01", number="FP-2026-300")
    debt = till.line(450, memo="付 FP-2026-300")
    other = till.another("苏州明德电子")
    paid = other.payment(200, "2026-03-15")
    both = till.line(320, "苏州明德电子")
    weigh_all()
    said = "300.00 of 450.00 pays these; 150.00 would stay with the customer, not allocated."
    assert said in page(client)
    shown = page(client, f"{DESK}lines/{debt.pk}/")
    assert said in shown
    words = told(client.post(f"{DESK}lines/{debt.pk}/accept/", button(shown, debt)))
    assert "The payment was posted, matched and confirmed. 150.00 of the payment is not allocated." in words
    data = {"key": uuid.uuid4(), "amount": "200", "customer": other.customer.pk, "entries": paid.pk}
    words = told(client.post(f"{DESK}lines/{both.pk}/by-hand/", data))
    assert "1 payment was matched. 120.00 of the line is still open." in words
    assert opened(both) == 120


def test_filters_search_sort_and_export(client: Client, till: Till) -> None:
    till.payment(300)
    till.line(300)
    till.line("12.34", "谁也不知道")
    till.line(-5, "招商银行", memo="手续费")
    weigh_all()
    counts = {
        "": 3,
        "?fit=exact": 1,
        "?fit=some": 0,
        "?fit=none": 2,
        "?way=out": 1,
        "?q=不知道": 1,
        "?sort=-open_amount": 3,
    }
    for asked, count in counts.items():
        assert page(client, DESK + asked).count('id="row-') == count, asked
    csv = b"".join(client.get(f"{DESK}?_export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "exactly the amount that was recorded" in csv
    sheet = client.get(f"{DESK}?_export=xlsx")
    assert sheet.status_code == 200
    sheet.close()


def test_each_tile_counts_what_its_list_shows_within_the_filter(client: Client, till: Till) -> None:
    till.payment(300)
    till.desk.invoice(70, "2026-03-01")
    till.line(300)
    till.line(100)
    till.line("12.34", "谁也不知道", on="2026-02-01")
    released = till.line(45, "无人")
    release(lines=[released], by=till.finance)
    till.line(-5, "招商银行", memo="手续费")
    till.line(9, "退汇"), till.line(-9, "退汇", on="2026-03-16", is_reversal=True)
    weigh_all()
    for asked, waiting in (("", 5), ("?since=2026-03-01", 4), ("?since=2026-03-01&fit=exact", 4), ("?way=out", 2)):
        tiles = client.get(DESK + asked).context["tiles"]
        assert tiles[0][2].count == waiting, asked
        for name, _label, total, url in tiles:
            assert page(client, DESK + url).count('id="row-') == total.count, (asked, name)
    said = page(client, f"{DESK}?since=2026-03-01")
    assert "Receipts that wait, of what the filter chooses" in said
    assert "All receipts that wait" in page(client)
    assert re.search(r"Of the \d+ receipts of the last 62 days", said)


def test_all_exact_ones_by_one_button_and_many_as_a_job(
    client: Client, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = till.payment("300.30")
    less = till.payment("80.40", number="SK-1")
    till.desk.invoice("55.50", "2026-03-01")
    first, second = till.line("300.30"), till.line("55.50", on="2026-05-20")
    third = till.line("80", memo="付 SK-1")
    weigh_all()
    data = {"key": str(uuid.uuid4()), "all": "1", "filter": "?q=nobody"}
    nothing = client.post(f"{DESK}exact/", data).content.decode()
    assert "No line of this list is exact any more." in nothing
    asked = client.post(f"{DESK}exact/", {**data, "filter": "?until=2026-04-01"})
    found, said = asked.context["exact"], asked.content.decode()
    assert (found.keys, found.received, found.paid) == ([first.pk, third.pk], {"CNY": money("380.30")}, {})
    assert asked.context["outlook"].makes == {"recorded": 1, "corrected": 1}
    assert "Accept 2 lines" in said
    assert (opened(first), opened(third)) == (money("300.30"), 80), "asking changes nothing"
    sure = {"key": data["key"], "sure": "1", "rows": ",".join(map(str, found.keys))}
    words = told(client.post(f"{DESK}exact/", sure))
    assert words.startswith(
        "2 lines were matched and confirmed: 380.30 CNY."
        " 1 recorded payment was corrected to what came; the rest is a discount. <a href"
    )
    assert confirmed(paid)
    assert Entry.objects.get(pk=less.pk).reversed_on is not None
    again = told(client.post(f"{DESK}exact/", sure))
    assert "380.30 CNY. 2 of them were accepted before. 1 recorded payment was corrected" in again
    shown = page(client, f"{DESK}matched/?act={data['key']}")
    assert shown.count('id="row-') == 2
    assert "Only the lines that were accepted at once." in shown
    assert 'id="row-' not in page(client, f"{DESK}matched/?act={uuid.uuid4()}")
    monkeypatch.setattr(desk_views, "MOST_AT_ONCE", 0)
    client.post(f"{DESK}exact/", {"key": uuid.uuid4(), "sure": "1", "rows": second.pk})
    job = Job.objects.get(kind="match_exact")
    run(job.pk)
    words = page(client, f"{DESK}accepted/{job.pk}/")
    assert "1 line was matched and confirmed: 55.50 CNY. 1 payment was posted that nobody had recorded." in words
    assert f"matched/?act={job.params['key']}" in words
    assert (opened(first), opened(second), broken()) == (0, 0, [])


def test_the_bar_and_the_page_count_the_same_lines(
    client: Client, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.payment(500)
    till.desk.refund(90, "2026-03-15", automatic=False)
    other = till.another("宁波兴盛贸易有限公司")
    other.payment(77, "2026-03-15")
    lines = [till.line(500), till.line(-90), till.line(77, "宁波兴盛贸易有限公司")]
    assert weigh_all().exact == 3
    till.line(-77, "宁波兴盛贸易有限公司", on="2026-03-16", is_reversal=True)
    bar = client.get(DESK).context["exact"]
    asked = client.post(f"{DESK}exact/", {"key": uuid.uuid4(), "all": "1", "filter": ""})
    assert bar == asked.context["exact"]
    assert (bar.keys, bar.is_cut) == ([line.pk for line in lines[:2]], False)
    assert (bar.received, bar.paid) == ({"CNY": 500}, {"CNY": 90})
    monkeypatch.setattr(exact, "MOST", 1)
    assert "only the first 1: there are more" in page(client)
    done = told(client.post(f"{DESK}exact/", {"key": uuid.uuid4(), "sure": "1", "rows": lines[1].pk}))
    assert "1 line was matched and confirmed: -90.00 CNY." in done.replace("−", "-")


def test_accepting_all_says_what_is_posted_on_the_first_open_day(client: Client, till: Till) -> None:
    for amount in ("55.50", "70.70"):
        till.desk.invoice(amount, "2026-03-01")
    late = till.line("55.50")
    till.line("70.70", on="2026-05-20")
    close_month(month=date(2026, 3, 1), by=till.finance)
    weigh_all()
    asked = client.post(f"{DESK}exact/", {"key": uuid.uuid4(), "all": "1", "filter": ""})
    found = asked.context["outlook"]
    assert (found.makes["posted"], found.moved) == (2, 1)
    assert '1 of them is of a closed month and is posted as of <time datetime="2026-04-01">' in asked.content.decode()
    assert opened(late) == money("55.50")


def test_a_run_is_a_job_that_keeps_what_it_finds(client: Client, till: Till) -> None:
    till.payment(300)
    till.line(300)
    assert "1 new line was not looked at yet." in page(client)
    client.post(f"{DESK}weigh/")
    job = Job.objects.get(kind="weigh_lines")
    run(job.pk)
    job.refresh_from_db()
    assert job.result == {"lines": 1, "suggested": 1, "exact": 1}
    tasks.weigh_by_night()
    assert "1 exact line" in page(client)


def test_by_hand_another_customer_is_found_and_the_line_is_split(client: Client, till: Till) -> None:
    other = till.another("宁波兴盛贸易有限公司")
    debt, paid = other.invoice(900, "2026-03-01"), till.payment(100)
    line = till.line(600, "谁也不知道")
    address = f"{DESK}lines/{line.pk}/"
    assert f"?customer={other.customer.pk}#by-hand" in page(client, f"{address}?q=兴盛")
    assert f'value="{debt.pk}"' in page(client, f"{address}?customer={other.customer.pk}")
    data = {"key": uuid.uuid4(), "customer": other.customer.pk, "amount": "500", "entries": [debt.pk]}
    told(client.post(f"{address}by-hand/", data))
    assert (opened(line), open_amounts(debt)) == (100, [400])
    told(client.post(f"{address}by-hand/", data))  # a double click
    assert opened(line) == 100
    # A payment that is ticked is that one alone; what is more waits.
    more = {"key": uuid.uuid4(), "customer": till.customer.pk, "amount": "100", "entries": [paid.pk]}
    told(client.post(f"{address}by-hand/", more))
    assert (opened(line), confirmed(paid)) == (0, True)
    assert "Choose a customer" in told(client.post(f"{address}by-hand/", {"key": uuid.uuid4(), "amount": "1"}))


def test_undoing_setting_aside_and_forgetting_a_payer(client: Client, till: Till) -> None:
    debt = till.desk.invoice(300, "2026-03-01")
    line = till.line(300, payer_account="6222001234567890")
    [match] = till.accept(line).matches
    assert "6222001234567890" in page(client, f"{DESK}payers/")
    address = f"{DESK}matched/{match.pk}/undo/"
    assert "stays as a payment" in page(client, address)
    key = uuid.uuid4()
    assert "Give the reason" in client.post(address, {"key": key, "reverses": "on"}).content.decode()
    told(client.post(address, {"key": key, "reverses": "on", "reason": "another customer"}))
    assert (opened(line), open_amounts(debt)) == (300, [300])
    assert not Payer.objects.standing().exists()
    told(client.post(f"{DESK}lines/{line.pk}/aside/", {"kind": "other", "reason": "a deposit"}))
    assert "a deposit" in page(client, f"{DESK}aside/")
    told(client.post(f"{DESK}aside/{SetAside.objects.get().pk}/back/"))
    assert opened(line) == 300
    [again] = till.accept(line).matches
    assert again.entry.kind == Kind.PAYMENT
    told(client.post(f"{DESK}payers/{Payer.objects.standing().get().pk}/withdraw/"))
    assert not Payer.objects.standing().exists()
    assert "Matched" in page(client, f"{DESK}lines/{line.pk}/")
    assert page(client, f"{DESK}matched/?posted=True").count('id="row-') == 1


def test_limits_are_finances_to_set(client: Client, till: Till) -> None:
    data = {"currency": "CNY", "fee_limit": "20", "change_limit": "0", "claim_after_days": "5"}
    assert client.post(f"{DESK}limits/", data).status_code == 302
    rule = Rule.objects.get()
    assert (str(rule.fee_limit), rule.claim_after_days) == ("20.00", 5)
    assert "20.00" in page(client, f"{DESK}limits/")
    assert "lets pass" not in client.post(f"{DESK}limits/{rule.pk}/", {**data, "fee_limit": "x"}).content.decode()
    assert Rule.objects.get().fee_limit == 20


@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.MANAGER, Role.AUDITOR])
def test_lines_are_finances_and_an_auditor_only_reads(client: Client, till: Till, role: str) -> None:
    paid, line = till.payment(300), till.line(300, payer_account="62220012")
    weigh_all()
    client.force_login(a_user(role))
    status = 200 if role == Role.AUDITOR else 403
    assert client.get(f"{DESK}payers/").status_code == 403
    if role == Role.AUDITOR:
        response: Any = client.get(f"{DESK}?columns=payer_name,payer_account&_export=csv")
        said = b"".join(response.streaming_content).decode()
        said += page(client, f"{DESK}?columns=payer_name,payer_account") + page(client, f"{DESK}lines/{line.pk}/")
        assert "62220012" not in said
        assert 'id="row-' not in page(client, f"{DESK}?q=62220012")
    for address in ("", "matched/", "aside/"):
        assert client.get(f"{DESK}{address}").status_code == status
    assert client.get(f"{DESK}lines/{line.pk}/").status_code == status
    for act in (f"lines/{line.pk}/accept/", f"lines/{line.pk}/aside/", "exact/", "weigh/", "release/", "limits/"):
        assert client.post(f"{DESK}{act}", {"kind": "fee"}).status_code == 403, act
    assert (opened(line), confirmed(paid), Entry.objects.count()) == (300, False, 1)
