"""Asking by letter."""

import pytest
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.models import Contact
from invites.invitations.lettering import codes, services
from invites.invitations.models import Invitation
from invites.invitations.services import NotInvitable, withdraw
from invites.post.models import OutgoingMail
from tests.factories import contact, draft, event, invitation, organisation

ADDRESS = "Storgata 12, 3210 Sandefjord"


def letter(to, **facts):
    return invitation(to, contact=contact(to.tenant, email="", address=ADDRESS), channel="letter", **facts)


def test_contacts_are_invited_by_letter_and_get_no_mail(sandefjord, kari):
    to, people = event(sandefjord), [contact(sandefjord, channel="letter", language="en") for _ in range(3)]
    assert services.invite_by_letter(to, by=kari, contacts=people) == 3
    assert services.invite_by_letter(to, by=kari, contacts=people) == 0
    rows = Invitation.objects.of(sandefjord)
    assert {(row.channel, row.language, row.code_hash, row.invited_by_id) for row in rows} == {
        ("letter", "en", None, kari.pk)
    }
    assert len(rows) == 3
    assert OutgoingMail.objects.of(sandefjord).count() == 0
    (entry,) = AuditEntry.objects.of(sandefjord).about(to)
    assert (entry.action, entry.facts["number"]) == ("event.invited_by_letter", 3)


def test_nobody_is_invited_by_letter_to_a_draft_or_from_another_tenant(sandefjord, kristiansand, kari):
    with pytest.raises(NotInvitable):
        services.invite_by_letter(draft(sandefjord), by=kari, contacts=[contact(sandefjord)])
    with pytest.raises(ValueError, match="another tenant"):
        services.invite_by_letter(event(sandefjord), by=kari, contacts=[contact(kristiansand)])
    assert not Invitation.objects.of(sandefjord).exists()


def test_whoever_was_withdrawn_may_be_invited_by_letter(sandefjord, kari):
    to = event(sandefjord)
    old = letter(to)
    withdraw(old, by=kari)
    assert services.invite_by_letter(to, by=kari, contacts=[old.contact]) == 1


def test_who_goes_by_letter(sandefjord):
    to = event(sandefjord)
    with_post = organisation(sandefjord, address=ADDRESS)
    yes = [
        letter(to),
        invitation(to, channel="letter"),
        invitation(to, contact=contact(sandefjord, email="", organisation=with_post)),
    ]
    invitation(to)
    invitation(to, contact=contact(sandefjord, email=""))
    invitation(to, contact=contact(sandefjord, email="", organisation=None))
    invitation(to, contact=contact(sandefjord, organisation=with_post))
    invitation(to, contact=contact(sandefjord, email="", address=ADDRESS), revoked_at=timezone.now())
    letter(event(sandefjord))
    assert {row.pk for row in services.by_letter(to)} == {row.pk for row in yes}


def test_who_wants_a_letter(sandefjord):
    to = event(sandefjord)
    with_post = organisation(sandefjord, address=ADDRESS)
    yes = [
        contact(sandefjord, channel="letter"),
        contact(sandefjord, email="", address=ADDRESS),
        contact(sandefjord, email="", organisation=with_post),
    ]
    contact(sandefjord)
    contact(sandefjord, email="", organisation=None)
    contact(sandefjord, channel="letter", valid_until=timezone.localdate().replace(year=2020))
    letter(to)
    assert set(services.want_letters(to)) == set(yes)


def test_a_code_is_made_with_the_first_letter_and_stays(sandefjord, kari):
    to = event(sandefjord)
    row = letter(to)
    (first,) = services.make_letters(to, by=kari, ids=[row.pk])
    (again,) = services.make_letters(to, by=kari, ids=[row.pk])
    assert codes.code_of(first) == codes.code_of(again)
    row.refresh_from_db()
    assert (row.code_hash, row.printed_at) == (first.code_hash, None)


def test_a_code_in_the_post_stays_when_the_servers_key_changes(sandefjord, kari, settings):
    to, old = event(sandefjord), settings.SECRET_KEY
    row = letter(to)
    (first,) = services.make_letters(to, by=kari, ids=[row.pk])
    printed = codes.code_of(first)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, that is long enough to pass", [old]
    (again,) = services.make_letters(to, by=kari, ids=[row.pk])
    assert codes.code_of(again) == printed


def test_that_letters_are_printed_is_noted_when_it_is_said(sandefjord, kari):
    to = event(sandefjord)
    row, other, elsewhere = letter(to), letter(to), letter(event(sandefjord))
    services.note_printed(to, by=kari, letters=[row, elsewhere])
    for each in (row, other, elsewhere):
        each.refresh_from_db()
    assert row.printed_at is not None
    assert (other.printed_at, elsewhere.printed_at) == (None, None)
    (entry,) = AuditEntry.objects.of(sandefjord).about(to)
    assert (entry.action, entry.facts) == ("letters.printed", {"title": to.title, "number": 1})


def test_letters_of_others_are_not_made(sandefjord, kristiansand, kari):
    to = event(sandefjord)
    strangers = [letter(event(kristiansand)), letter(event(sandefjord)), invitation(to)]
    assert services.make_letters(to, by=kari, ids=[row.pk for row in strangers]) == []
    assert not Invitation.objects.across_tenants("a test").exclude(printed_at=None).exists()


def test_no_letters_are_made_for_a_meeting_that_is_off(sandefjord, kari):
    to = event(sandefjord)
    row = letter(to)
    to.state, to.cancelled_at = "cancelled", timezone.now()
    to.save()
    with pytest.raises(NotInvitable):
        services.make_letters(to, by=kari, ids=[row.pk])


def test_a_code_that_another_invitation_has_is_made_anew(sandefjord, kari):
    to = event(sandefjord)
    row, other = letter(to), letter(to)
    codes.seal(row)
    Invitation.objects.of(sandefjord).filter(pk=other.pk).update(code_hash=row.code_hash)
    (made,) = services.make_letters(to, by=kari, ids=[row.pk])
    made.refresh_from_db()
    assert made.code_hash != row.code_hash
    assert codes.code_of(made)
    assert Contact.objects.of(sandefjord).count() == 2
