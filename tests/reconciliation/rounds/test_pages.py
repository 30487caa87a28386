"""The pages of rounds and differences: who may do what, and what they lead to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role, User
from reconciliation.rounds.answers import take_answers
from reconciliation.rounds.differences import comment
from reconciliation.rounds.models import Difference, Policy, Reconciliation, Rhythm, Round, State
from reconciliation.rounds.rhythm import last_month_end
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk
from tests.reconciliation.comparison.build import a_list
from tests.reconciliation.rounds.asked import answered, under_way
from tests.reconciliation.rounds.test_differences import a_difference, a_discount

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def says(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_finance_opens_the_round_of_the_last_month_end() -> None:
    customer = a_customer(owner=a_user(), key_account=True)
    Desk(customer).invoice(100, f"{last_month_end(timezone.localdate()):%Y-%m}-03")
    client = signed_in(a_user(Role.FINANCE))
    response = client.post(reverse("rounds:open"), follow=True)
    assert says(response) == ["1 customer is asked in this round."]
    assert Round.objects.get().last_day == last_month_end(timezone.localdate())
    assert customer.name in response.content.decode()


@pytest.mark.parametrize("name", ["rounds:open", "rounds:ask", "rounds:drop", "rounds:decide-rhythm"])
@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.MANAGER, Role.AUDITOR])
def test_only_finance_decides_about_rounds(name: str, role: Role) -> None:
    under_way(a_customer())
    before = list(Reconciliation.objects.values())
    assert signed_in(a_user(role)).post(reverse(name), {"rows": "1", "reason": "x"}).status_code == 403
    assert (list(Reconciliation.objects.values()), Rhythm.objects.count()) == (before, 0)


def test_asking_many_is_a_job_for_those_that_were_chosen(
    sent_tasks: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    asked = under_way(a_customer(), state=State.TO_SEND, statement=None, asked_on=None, answer_by=None)
    client = signed_in(a_user(Role.FINANCE))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("rounds:ask"), {"rows": str(asked.pk)})
    assert "/jobs/" in response["Location"]
    assert len(sent_tasks) == 1


def test_a_salesperson_sees_the_own_customers_alone() -> None:
    salesperson = a_user()
    own, other = a_customer(owner=salesperson, name="Own Ltd"), a_customer(name="Other Ltd", owner=a_user())
    mine, theirs = a_difference(own), a_difference(other)
    client = signed_in(salesperson)
    page = client.get(reverse("rounds:differences")).content.decode()
    assert ("Own Ltd" in page, "Other Ltd" in page) == (True, False)
    assert client.get(reverse("rounds:difference", args=[mine.pk])).status_code == 200
    for name in ("difference", "assign", "comment", "resolve-explained"):
        url = reverse(f"rounds:{name}", args=[theirs.pk])
        response = client.get(url) if name == "difference" else client.post(url, {"text": "x", "explanation": "x"})
        assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_open


def test_a_difference_is_owned_talked_about_and_resolved_on_its_page() -> None:
    salesperson = a_user()
    customer = a_customer(owner=salesperson)
    difference, client = a_difference(customer), signed_in(salesperson)
    discount = a_discount(customer, salesperson)

    def post(name: str, **data: Any) -> Any:
        return client.post(reverse(f"rounds:{name}", args=[difference.pk]), data, follow=True)

    assert says(post("assign", owner=salesperson.pk)) == ["The difference has an owner."]
    assert says(post("comment", text="They sent the list.")) == ["Written down."]
    response = post("resolve-posted", entry=discount.pk)
    assert says(response) == ["The difference is resolved."]
    assert "They sent the list." in response.content.decode()
    difference.refresh_from_db()
    assert (difference.owner, difference.posted) == (salesperson, discount)
    assert says(post("reopen", reason="wrong document")) == ["It is open again."]


def test_what_is_refused_stands_beside_what_was_typed() -> None:
    salesperson = a_user()
    difference = a_difference(a_customer(owner=salesperson))
    url = reverse("rounds:assign", args=[difference.pk])
    response = signed_in(salesperson).post(url, {"owner": salesperson.pk, "due_on": "2020-01-01"})
    assert "Choose today or a later day." in response.content.decode()
    assert Difference.objects.get().owner is None


def test_an_auditor_reads_and_changes_nothing() -> None:
    difference = a_difference(a_customer())
    comment(difference=difference, by=a_user(Role.FINANCE), text="seen")
    client = signed_in(a_user(Role.AUDITOR))
    page = client.get(reverse("rounds:difference", args=[difference.pk])).content.decode()
    assert ("seen" in page, "<textarea" in page) == (True, False)
    assert client.post(reverse("rounds:comment", args=[difference.pk]), {"text": "x"}).status_code == 403


def test_finance_sets_the_rules_and_how_often() -> None:
    customer, client = a_customer(), signed_in(a_user(Role.FINANCE))
    rules = {"is_running": "on", "opens_on": 5, "remind_after": 20, "answer_within": 14, "own_within": 2}
    rules |= {"resolve_within": 14}
    assert "before the answer is due" in client.post(reverse("rounds:policy"), rules).content.decode()
    assert not Policy.objects.exists()
    assert client.post(reverse("rounds:policy"), {**rules, "remind_after": 7}).status_code == 302
    assert (Policy.objects.get().is_running, Policy.objects.get().sends) == (True, False)
    client.post(reverse("rounds:decide-rhythm"), {"rows": str(customer.pk), "every": "year"})
    assert Rhythm.objects.get().every == "year"
    client.post(reverse("rounds:decide-rhythm"), {"rows": str(customer.pk), "every": ""})
    assert not Rhythm.objects.exists()


def test_a_difference_leads_to_the_answer_or_the_comparison_that_it_came_from() -> None:
    finance, customer = a_user(Role.FINANCE), a_customer(owner=a_user())
    asked = under_way(customer)
    answered(asked)
    take_answers(today=timezone.localdate())
    page = reverse("rounds:difference", args=[Difference.objects.get().pk])
    client = signed_in(finance)
    there = f'href="{reverse("statements:detail", args=[asked.statement_id])}#answer"'
    assert there in client.get(page).content.decode()
    # Who owns it and does not see the customer is shown no way there.
    owner = a_user()
    Difference.objects.update(owner=owner)
    alone = signed_in(owner).get(page)
    assert (alone.status_code, there in alone.content.decode()) == (200, False)
    row = a_list(finance, customer, "2026-03-05,R-1,,采购,,100.00,100.00")
    left = a_difference(customer, source=f"list:{row.pk}:abc")
    shown = client.get(reverse("rounds:difference", args=[left.pk])).content.decode()
    assert f'href="{reverse("comparison:detail", args=[row.pk])}"' in shown
