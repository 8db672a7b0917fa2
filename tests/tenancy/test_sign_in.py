"""Sign-in: with a password, with a code by e-mail, in the demo by one button; and never by signing up."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from events.tenancy.demo import ROLES
from events.tenancy.models import User
from tests.factories import staff

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
SECRET = "et langt passord for Kari"


@pytest.fixture
def kari_with_password(kari):
    kari.set_password(SECRET)
    kari.save()
    return kari


def who(client):
    return client.session.get("_auth_user_id")


def test_a_member_signs_in_with_a_password(client, kari_with_password):
    response = client.post(reverse("account_login"), {"login": kari_with_password.email, "password": SECRET})
    assert (response.status_code, who(client)) == (302, str(kari_with_password.pk))


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, kari_with_password):
    tries = ((kari_with_password.email, "wrong"), ("nobody@sandefjord.example", SECRET))
    pages = [
        client.post(reverse("account_login"), {"login": email, "password": word}) for email, word in tries
    ]
    errors = [page.context["form"].non_field_errors() for page in pages]
    assert (errors[0] == errors[1], who(client)) == (True, None)


def test_a_member_signs_in_with_a_code_by_mail(client, kari, mailoutbox, settings):
    settings.EMAIL_BACKEND = LOCMEM
    client.post(
        reverse("account_request_login_code"), {"email": kari.email}, headers={"accept-language": "en"}
    )
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([kari.email], "Your sign-in code for Møteplass")
    (code,) = re.findall(r"^\s*([A-Z0-9-]{6,})\s*$", mail.body, re.MULTILINE)
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert who(client) == str(kari.pk)


def test_no_code_is_sent_to_an_unknown_address_and_the_page_does_not_tell(client, kari, mailoutbox, settings):
    settings.EMAIL_BACKEND = LOCMEM
    asked = [
        client.post(reverse("account_request_login_code"), {"email": email})
        for email in (kari.email, "nobody@sandefjord.example")
    ]
    assert len({(answer.status_code, answer["Location"]) for answer in asked}) == 1
    assert [mail.to for mail in mailoutbox] == [[kari.email]]


def test_nobody_can_sign_up(client, db):
    page = client.get(reverse("account_signup"), headers={"accept-language": "en"})
    assert "You cannot register yourself." in page.content.decode()
    client.post(reverse("account_signup"), {"email": "new@sandefjord.example", "password1": SECRET})
    assert (User.objects.filter(email="new@sandefjord.example").exists(), who(client)) == (False, None)


def test_opening_the_sign_out_address_signs_nobody_out(at_desk, kari):
    client = at_desk(kari)
    client.get(reverse("account_logout"))
    assert who(client) == str(kari.pk)
    client.post(reverse("account_logout"))
    assert who(client) is None


@pytest.fixture
def just_signed_in(client, kari_with_password):
    """Signed in, and asked for the password once more, as pages about the account's own security do."""
    client.post(reverse("account_login"), {"login": kari_with_password.email, "password": SECRET})
    client.post(reverse("account_reauthenticate"), {"password": SECRET})
    return client


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "account_change_password",
        "account_email",
        "account_logout",
        "account_reauthenticate",
    ],
)
def test_pages_of_the_own_account_open(just_signed_in, name):
    assert just_signed_in.get(reverse(name)).status_code == 200


def test_whoever_has_no_password_can_still_add_a_passkey(at_desk, kari):
    kari.set_unusable_password()
    kari.save()
    client = at_desk(kari)
    client.get(reverse("account_email"))  # allauth then keeps the address in a table of its own
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_sign_in_in_two_steps_can_be_switched_on_and_is_then_asked_for(just_signed_in, kari):
    secret = just_signed_in.get(reverse("mfa_activate_totp")).context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    just_signed_in.post(reverse("mfa_activate_totp"), {"code": code})
    assert Authenticator.objects.filter(user=kari, type="totp").count() == 1
    just_signed_in.post(reverse("account_logout"))
    asked = just_signed_in.post(reverse("account_login"), {"login": kari.email, "password": SECRET})
    assert (asked["Location"].split("?")[0], who(just_signed_in)) == (reverse("mfa_authenticate"), None)


@pytest.fixture
def demo_people(sandefjord, settings):
    settings.DEMO = True
    return {email: staff(sandefjord, "reader", email=email, name=email) for email in ROLES}


def test_the_demo_shows_a_button_for_each_role(client, demo_people):
    page = client.get(reverse("account_login")).content.decode()
    assert re.findall(r'name="email" value="([^"]+)"', page) == list(ROLES)


def test_a_button_of_the_demo_signs_in_without_a_password(client, demo_people):
    for email, user in demo_people.items():
        response = client.post(reverse("demo-sign-in"), {"email": email})
        assert (response.status_code, response["Location"], who(client)) == (302, "/", str(user.pk))


def test_outside_the_demo_there_are_no_buttons_and_the_address_is_not_found(client, demo_people, settings):
    settings.DEMO = False
    assert (
        'value="coordinator@sandefjord.example"' not in client.get(reverse("account_login")).content.decode()
    )
    for email in ROLES:
        assert client.post(reverse("demo-sign-in"), {"email": email}).status_code == 404
    assert who(client) is None


def test_the_demo_signs_in_nobody_but_its_own_five(client, demo_people, kari):
    for email in (kari.email, "", "COORDINATOR@sandefjord.example"):
        assert client.post(reverse("demo-sign-in"), {"email": email}).status_code == 404
    assert who(client) is None


def test_a_demo_account_that_was_closed_stays_closed(client, demo_people):
    User.objects.update(is_active=False)
    assert client.post(reverse("demo-sign-in"), {"email": next(iter(ROLES))}).status_code == 404
