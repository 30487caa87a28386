"""The door: signing in and out, the language of the pages, the password, and what strangers see."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from customers.models import Role, User
from tests.build import a_customer, a_user

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def user() -> User:
    made = a_user(username="lin")
    made.set_password(PASSWORD)
    made.save()
    return made


def test_who_signs_in_lands_on_the_desk(client: Client, user: User) -> None:
    response = client.post(reverse("login"), {"username": "lin", "password": PASSWORD})
    assert response["Location"] == reverse("home")
    assert client.get(reverse("home"))["Location"] == reverse("desk")


def test_who_was_on_the_way_elsewhere_goes_on_there(client: Client, user: User) -> None:
    wanted = reverse("customers:list")
    asked = client.get(wanted)
    assert asked["Location"] == f"{reverse('login')}?next={wanted}"
    page = client.get(asked["Location"]).content.decode()
    assert f'name="next" value="{wanted}"' in page
    assert "Sign in to go on" in page
    assert "Sign in to go on" not in client.get(reverse("login")).content.decode()
    response = client.post(reverse("login"), {"username": "lin", "password": PASSWORD, "next": wanted})
    assert response["Location"] == wanted


def test_the_way_elsewhere_does_not_lead_off_the_site(client: Client, user: User) -> None:
    data = {"username": "lin", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("login"), data)["Location"] == reverse("home")


def test_a_wrong_password_is_refused(client: Client, user: User) -> None:
    page = client.post(reverse("login"), {"username": "lin", "password": "guess"}).content.decode()
    assert "form-errors" in page
    assert not client.session.keys()


def test_who_left_the_firm_cannot_sign_in(client: Client, user: User) -> None:
    user.is_active = False
    user.save()
    assert client.post(reverse("login"), {"username": "lin", "password": PASSWORD}).status_code == 200


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout"))["Location"] == reverse("login")
    assert client.get(reverse("customers:list")).status_code == 302


@pytest.mark.parametrize(("language", "said"), [("en", "Password"), ("zh-hans", "密码")])
def test_a_visitor_chooses_the_language_of_the_door(client: Client, language: str, said: str) -> None:
    client.post(reverse("language"), {"language": language, "next": reverse("login")})
    page = client.get(reverse("login")).content.decode()
    assert said in page
    assert re.search(rf'<html lang="{language}"', page)


def test_the_browser_says_the_language_where_nobody_has_chosen(client: Client) -> None:
    page = client.get(reverse("login"), headers={"Accept-Language": "zh-CN,zh;q=0.9"}).content.decode()
    assert "密码" in page


def test_a_users_language_is_kept(client: Client, user: User) -> None:
    client.force_login(user)
    wanted = reverse("customers:list")
    response = client.post(reverse("language"), {"language": "zh-hans", "next": wanted})
    assert response["Location"] == wanted
    user.refresh_from_db()
    assert user.language == "zh-hans"
    assert client.get(wanted, headers={"Accept-Language": "en"})["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("language", ["tlh", "", "zh-hans; drop"])
def test_an_unknown_language_changes_nothing(client: Client, user: User, language: str) -> None:
    client.force_login(user)
    response = client.post(reverse("language"), {"language": language, "next": "//evil.example"})
    assert response["Location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
    user.refresh_from_db()
    assert user.language == ""


def test_the_password_is_changed(client: Client, user: User) -> None:
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": "quite another one 7", "new_password2": "quite another one 7"}
    assert client.post(reverse("password-change"), data).status_code == 302
    user.refresh_from_db()
    assert user.check_password("quite another one 7")


def test_a_password_that_everyone_has_is_refused(client: Client, user: User) -> None:
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": "password", "new_password2": "password"}
    assert "too common" in client.post(reverse("password-change"), data).content.decode()


def test_a_stranger_is_sent_to_the_door_from_everywhere(client: Client) -> None:
    customer = a_customer(owner=a_user())
    for url in [
        reverse("customers:list"),
        reverse("customers:detail", args=[customer.pk]),
        reverse("ledger:entries"),
        reverse("ledger:payment-new"),
        reverse("admin:index"),
    ]:
        *_between, (door, _status) = client.get(url, follow=True).redirect_chain
        assert door.startswith(reverse("login"))


def test_a_stranger_may_ask_whether_the_house_stands(client: Client) -> None:
    assert client.get(reverse("health")).content == b"ok"


def test_every_page_brings_its_own_files_alone(client: Client) -> None:
    response = client.get(reverse("login"))
    assert "default-src 'self'" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://", page)


@pytest.mark.parametrize("role", Role.values)
def test_the_navigation_offers_each_role_what_it_may_do(client: Client, role: str) -> None:
    client.force_login(a_user(role))
    page = client.get(reverse("customers:list")).content.decode()
    offered = {name: reverse(name) in page for name in ("ledger:payment-new", "ledger:opening-new", "admin:index")}
    assert offered == {
        "ledger:payment-new": role != Role.AUDITOR,
        "ledger:opening-new": role in (Role.FINANCE, Role.ADMINISTRATOR),
        "admin:index": role == Role.ADMINISTRATOR,
    }
