"""A customer is found by what one types: Chinese, pinyin, its initials, a code, a contact's name or phone number."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from customers.models import Contact, Customer, Role
from customers.pinyin import as_typed, spelling
from customers.services import save_customer
from tests.build import a_customer, a_user

JINCHENG = "杭州锦程纺织有限公司"


def found(words: str) -> list[str]:
    return [customer.code for customer in Customer.objects.search(words).best_first(words)]


def is_spelled(customer: Customer) -> bool:
    customer.refresh_from_db()
    return (customer.initials, customer.pinyin) == spelling(customer.name)


@pytest.mark.parametrize(
    ("name", "initials", "pinyin"),
    [
        (JINCHENG, "hzjcfzyxgs", "hangzhoujincheng"),
        ("重庆山城机电", "cqscjd", "chongqing"),
        ("厦门海沧贸易", "xmhcmy", "xiamenhaicang"),
        ("长沙银行", "csyh", "changshayinhang"),
        ("乐清电器", "yqdq", "yueqing"),
        ("乐清电器", "lqdq", "leqing"),
        ("吕梁煤业", "llmy", "lvliang"),
        ("吕梁煤业", "llmy", "luliang"),
        ("上海3号ABC厂（集团）", "sh3habccjt", "shanghai3hao"),
        ("单氏曾记", "sszj", "shanshi"),
    ],
)
def test_the_common_readings_of_a_name_are_kept(name: str, initials: str, pinyin: str) -> None:
    spelled = spelling(name)
    assert f" {initials}" in spelled.initials
    assert f" {pinyin}" in spelled.pinyin


def test_a_name_in_latin_letters_needs_no_spelling() -> None:
    assert spelling("ACME (Hong Kong) Ltd. No. 5") == ("", "")
    assert spelling("（）") == ("", "")


def test_a_long_name_of_many_readings_stays_small() -> None:
    spelled = spelling("行长重乐" * 50)
    assert len(spelled.initials.split()) == 8
    assert max(map(len, spelled.pinyin.split())) == 24
    assert len(spelled.pinyin) < 15_000


@pytest.mark.parametrize(
    ("word", "typed"), [("HZJC", "hzjc"), ("ｈｚ", "hz"), ("xi'an", "xian"), ("lü", "lv"), ("锦", "")]
)
def test_what_is_typed_is_read_like_the_names(word: str, typed: str) -> None:
    assert as_typed(word) == typed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    ["hzjc", "jcfz", "hangzhou", "jinch", "锦程", "HZ 锦程", "K-77", "91330106", "王经理", "13800138000", "k-77"],
)
def test_a_customer_is_found_by_any_of_its_names(words: str) -> None:
    customer = a_customer(code="K-77", name=JINCHENG, tax_id="91330106MA2B1C3D45")
    Contact.objects.create(customer=customer, name="王经理", phone="13800138000")
    a_customer(code="C-1", name="苏州恒达机电设备有限公司")
    assert found(words) == ["K-77"]


@pytest.mark.django_db
def test_pinyin_is_not_matched_within_a_syllable() -> None:
    a_customer(code="K-77", name=JINCHENG)
    assert found("angzhou") == []
    assert found("hzjc gongsi") == ["K-77"]
    assert found("hzjc suzhou") == []


@pytest.mark.django_db
def test_the_very_code_comes_first_then_what_begins_with_it() -> None:
    a_customer(code="HZJC", name="a firm")
    a_customer(code="A1", name="大连杭州锦程")
    a_customer(code="B1", name=JINCHENG)
    a_customer(code="HZJC2", name="another firm")
    assert found("hzjc") == ["HZJC", "B1", "HZJC2", "A1"]


@pytest.mark.django_db
def test_the_picker_offers_the_best_first(client: Client) -> None:
    user = a_user()
    a_customer(code="A1", name="大连杭州锦程", owner=user)
    a_customer(code="B1", name=JINCHENG, owner=user)
    a_customer(code="B2", name=JINCHENG)
    client.force_login(user)
    page = client.get(reverse("customers:options"), {"customer_search": "hzjc"}).content.decode()
    assert page.index("B1") < page.index("A1")
    assert "B2" not in page


# --- no writer forgets ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_spelling_follows_the_name_however_it_is_stored() -> None:
    customer = a_customer(name=JINCHENG)
    assert customer.initials == " hzjcfzyxgs"
    assert is_spelled(customer)

    customer.name = "苏州恒达"
    customer.save(update_fields=["name"])
    assert is_spelled(customer)

    changed = Customer.objects.get(pk=customer.pk)
    changed.name = "宁波海曙"
    save_customer(by=a_user(Role.FINANCE), customer=changed, changed=["name"])
    assert is_spelled(customer)

    Customer.objects.filter(pk=customer.pk).update(name="无锡")
    assert is_spelled(customer)
    assert customer.initials == " wx"

    (of_many,) = Customer.objects.bulk_create([Customer(code="M1", name=JINCHENG)])
    assert is_spelled(of_many)


@pytest.mark.django_db
def test_names_that_only_the_database_knows_cannot_be_stored() -> None:
    customer = a_customer(name=JINCHENG)
    with pytest.raises(TypeError, match="one by one"):
        Customer.objects.update(name=F("code"))
    customer.name = "苏州"
    with transaction.atomic(), pytest.raises(TypeError, match="one by one"):
        Customer.objects.bulk_update([customer], ["name"])
    customer.refresh_from_db()
    assert customer.name == JINCHENG


@pytest.mark.django_db
def test_customers_that_were_there_before_are_spelled_by_the_migration() -> None:
    """As the migration finds them: with empty texts, more than a batch of them."""
    migration: Any = importlib.import_module("customers.migrations.0002_find_customers_by_pinyin")
    Customer.objects.bulk_create(Customer(code=f"M{n}", name=f"{JINCHENG}{n}") for n in range(2_001))
    a_customer(name="ACME")
    Customer.objects.update(initials="", pinyin="")
    migration.spell_names(apps, None)
    assert all((c.initials, c.pinyin) == spelling(c.name) for c in Customer.objects.all())
    assert Customer.objects.filter(initials="").count() == 1
