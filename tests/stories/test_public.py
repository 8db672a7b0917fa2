"""What anybody meets: the front page, the languages, dark colours, the keyboard alone."""

import pytest

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_public_reads_what_is_listed_and_switches_language(meet, sandefjord):
    listed = factories.event(sandefjord, title="Åpent dialogmøte om trygghet", is_public=True)
    factories.event(sandefjord, title="Lukket dialogmøte", is_public=False)

    citizen = meet()
    citizen.go("/").reads(listed.title).never_reads("Lukket dialogmøte", "Møterom 3")
    citizen.follow(listed.title).reads("Sandefjord").never_reads("Møterom 3", "Rådhusgata 1")

    citizen.language = "en"
    citizen.press("English").reads(listed.title)
    citizen.language = "nb"
    citizen.press("Norsk bokmål").reads(listed.title)


def test_pages_keep_their_contrast_in_dark_colours(meet, sandefjord):
    factories.event(sandefjord, title="Åpent dialogmøte", is_public=True)
    citizen = meet(dark=True)
    citizen.go("/").go("/accounts/login/").go("/about/")
    assert citizen.pages_checked == 3
