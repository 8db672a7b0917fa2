"""An administrator at work on a phone, in dark colours, without JavaScript: the menu, the staff, the trail."""

import pytest

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECRET = "et langt passord for Ada"


@pytest.fixture
def ada(sandefjord):
    user = factories.staff(sandefjord, "administrator", name="Ada Administrator", language="en")
    user.set_password(SECRET)
    user.save()
    return user


def test_an_administrator_signs_in_adds_a_person_and_reads_the_trail(meet, ada):
    visitor = meet(language="en", phone=True, script=False, dark=True)
    visitor.go("/accounts/login/").fill("Email", ada.email).fill("Password", SECRET)
    visitor.press("Sign in", within=visitor.main).reads("Overview", "No answers since yesterday.")

    visitor.open(ada.name).follow("Staff").follow("Add a person")
    visitor.fill("Name", "Nora Ny").fill("E-mail", "nora@sandefjord.example")
    visitor.tick("Reader: sees meetings, the plan and approved minutes, never guest lists").press("Add")
    visitor.reads("The person is on the staff now and can sign in.", "nora@sandefjord.example")
    visitor.follow("Nora Ny").tick("Minute-taker: sees who is invited, writes minutes").press(
        "Change the role"
    )

    visitor.open(ada.name).follow("Audit trail")
    visitor.reads("Ada Administrator changed the role of Nora Ny to minute-taker.")
    visitor.open(ada.name).press("Sign out").go("/t/sandefjord/staff/").reads("Sign in")


def test_pages_of_the_own_account_pass_in_both_colours(meet, ada):
    for dark in (False, True):
        visitor = meet(language="en", dark=dark)
        visitor.go("/accounts/login/").fill("Email", ada.email).fill("Password", SECRET)
        visitor.press("Sign in", within=visitor.main)
        visitor.go("/accounts/reauthenticate/").fill("Password", SECRET).press("Confirm")
        for address in (
            "2fa/",
            "2fa/totp/activate/",
            "2fa/webauthn/add/",
            "password/change/",
            "email/",
            "logout/",
        ):
            visitor.go(f"/accounts/{address}")
