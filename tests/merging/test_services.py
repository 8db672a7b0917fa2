"""Two rows become one, and nothing of either is lost."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from events.audit import AuditEntry
from events.directory.merging import following, rules, services
from events.directory.merging.models import Merger, NotSame
from events.directory.models import Contact, Organisation, OrganisationAlias
from events.directory.services import NameTaken
from events.gatherings.models import Event, EventHost
from invites.answers import services as answers
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from minutes.approval import services as approval
from minutes.approval.models import MinutesVersion
from minutes.records.actions.models import ActionItem
from minutes.records.models import Attendance
from tests.factories import contact, event, invitation, organisation
from tests.records.scene import written


def merge(kept, gone, by=None, **facts):
    return services.merge(kept=kept, gone=gone, facts=facts, by=by)


def fresh(row):
    return type(row).objects.of(row.tenant_id).get(pk=row.pk)


def test_the_chosen_facts_stand_and_the_other_row_is_gone(sandefjord, kari):
    kept = contact(sandefjord, name="Kari Nordmann", email="kari@x.example", phone="")
    gone = contact(
        sandefjord, name="Nordmann, Kari", email="kari@x.example", phone="33 41 60 00", role="leder"
    )
    merge(kept, gone, kari, phone=gone.phone, role=gone.role)
    row = Contact.objects.of(sandefjord).get()
    assert (row.pk, row.name, row.email) == (kept.pk, "Kari Nordmann", "kari@x.example")
    assert (row.phone, row.role, row.organisation) == ("33 41 60 00", "leder", kept.organisation)
    assert "leder" in row.search


def test_what_both_held_stays_on_record(sandefjord, kari):
    kept = contact(sandefjord, name="Kari", phone="1")
    gone = contact(sandefjord, name="Nordmann", email="k@x.example", valid_from=dt.date(2026, 1, 1))
    place = gone.organisation.name
    invitation(event(sandefjord), contact=gone)
    merger = merge(kept, gone, kari, phone="2")
    assert (merger.kept_id, merger.gone_id, merger.name, merger.by_name) == (
        kept.pk,
        gone.pk,
        "Nordmann",
        kari.name,
    )
    assert merger.facts == {
        "organisation": place,
        "name": "Nordmann",
        "email": "k@x.example",
        "language": "nb",
        "channel": "email",
        "valid_from": "2026-01-01",
    }
    assert merger.kept["phone"] == "1"
    assert merger.moved == {"invites.invitation": 1}


def test_the_audit_trail_tells_of_it_and_names_no_contact(sandefjord, kari):
    kept, gone = contact(sandefjord, name="Hemmelig En"), contact(sandefjord, name="Hemmelig To")
    merge(kept, gone, kari)
    (entry,) = AuditEntry.objects.of(sandefjord).about(kept)
    assert entry.action == "contact.merged"
    assert "Hemmelig" not in entry.words()


def test_a_second_call_does_nothing(sandefjord, kari):
    kept, gone = contact(sandefjord), contact(sandefjord)
    merge(kept, gone, kari)
    for one, other in ((kept, gone), (gone, kept)):
        with pytest.raises(services.AlreadyMerged):
            merge(one, other, kari)
    assert Merger.objects.of(sandefjord).count() == 1
    assert Contact.objects.of(sandefjord).count() == 1


def test_a_name_and_address_of_a_third_contact_are_refused_and_nothing_changes(sandefjord, kari):
    contact(sandefjord, name="Kari", email="k@x.example")
    kept, gone = contact(sandefjord, name="Kari"), contact(sandefjord, email="k@x.example")
    held = invitation(event(sandefjord), contact=gone)
    with pytest.raises(NameTaken):
        merge(kept, gone, kari, email="k@x.example")
    assert fresh(held).contact_id == gone.pk
    assert (Contact.objects.of(sandefjord).count(), Merger.objects.of(sandefjord).count()) == (3, 0)


def test_rows_that_are_not_two_of_a_kind_at_one_tenant_are_refused(sandefjord, kristiansand, kari):
    row = contact(sandefjord)
    for other in (row, contact(kristiansand), organisation(sandefjord)):
        with pytest.raises(ValueError, match="two rows of a kind"):
            merge(row, other, kari)
    with pytest.raises(ValueError, match="not a fact"):
        merge(row, contact(sandefjord), kari, search="x")


# --- Invitations ----------------------------------------------------------------------------------------------------
def said(to, who, reply, days=0):
    row = invitation(to, contact=who)
    if reply:
        answers.answer(row, reply=reply, comment="", source="web")
        at = timezone.now() - dt.timedelta(days=days)
        Invitation.objects.of(row.tenant_id).filter(pk=row.pk).update(replied_at=at)
        Answer.objects.of(row.tenant_id).filter(invitation=row).update(answered_at=at)
    return row


@pytest.mark.parametrize(
    ("mine", "other", "stays"),
    [
        (("accepted", 2), ("declined", 1), "other"),
        (("accepted", 1), ("declined", 2), "mine"),
        (("declined", 2), ("accepted", 1), "other"),
        (("accepted", 2), ("accepted", 1), "other"),
        (("", 0), ("accepted", 1), "other"),
        (("accepted", 1), ("", 0), "mine"),
        (("", 0), ("", 0), "mine"),
    ],
)
def test_of_two_invitations_to_one_meeting_the_newest_answer_stands(sandefjord, kari, mine, other, stays):
    to, kept, gone = event(sandefjord, capacity=10), contact(sandefjord), contact(sandefjord)
    rows = {"mine": said(to, kept, *mine), "other": said(to, gone, *other)}
    merge(kept, gone, kari)
    valid = Invitation.objects.of(sandefjord).valid().get(event=to)
    assert valid.pk == rows[stays].pk
    assert {row.contact_id for row in Invitation.objects.of(sandefjord)} == {kept.pk}
    assert Invitation.objects.of(sandefjord).count() == 2
    assert Answer.objects.of(sandefjord).count() == bool(mine[0]) + bool(other[0])
    assert Event.objects.of(sandefjord).get(pk=to.pk).seats_taken == (valid.reply == "accepted")


def test_the_link_of_the_withdrawn_invitation_is_dead_and_the_other_ones_lives(client, sandefjord, kari):
    to, kept, gone = event(sandefjord), contact(sandefjord), contact(sandefjord)
    mine, other = invitation(to, contact=kept), invitation(to, contact=gone)
    elsewhere = invitation(event(sandefjord), contact=gone)
    merge(kept, gone, kari)
    asked = [client.get(f"/rsvp/{row.token}/").status_code for row in (mine, other, elsewhere)]
    assert asked == [200, 404, 200]


def test_an_invitation_withdrawn_before_follows_beside_a_valid_one(sandefjord, kari):
    to, kept, gone = event(sandefjord), contact(sandefjord), contact(sandefjord)
    invitation(to, contact=kept)
    old = invitation(to, contact=gone, revoked_at=timezone.now())
    merge(kept, gone, kari)
    assert fresh(old).contact_id == kept.pk
    assert Invitation.objects.of(sandefjord).valid().count() == 1


# --- Minutes --------------------------------------------------------------------------------------------------------
def test_approved_minutes_stay_as_they_are_while_action_points_follow(sandefjord, kari):
    from minutes.migrations import __name__ as package

    guard = import_module(f"{package}.0002_immutable_versions").guard
    guard(None, SimpleNamespace(connection=connection))
    minutes = written(sandefjord, kari)
    amina = Contact.objects.of(sandefjord).get(name="Amina Accepted")
    approval.submit(minutes, by=kari)
    approval.approve(minutes, by=kari)
    point = ActionItem.objects.of(sandefjord).get(owner_contact=amina)
    frozen = list(MinutesVersion.objects.of(sandefjord).values())
    there = list(Attendance.objects.of(sandefjord).order_by("pk").values())
    kept = contact(sandefjord, name="Amina A.")
    merge(kept, amina, kari)
    assert fresh(point).owner_contact_id == kept.pk
    assert fresh(point).owner == "Amina Accepted"
    assert list(MinutesVersion.objects.of(sandefjord).values()) == frozen
    assert list(Attendance.objects.of(sandefjord).order_by("pk").values()) == there
    assert {
        row.contact_id
        for row in Invitation.objects.of(sandefjord).filter(
            pk__in=[t["invitation_id"] for t in there if t["name"] == "Amina Accepted"]
        )
    } == {kept.pk}


# --- Organisations --------------------------------------------------------------------------------------------------
def test_the_gone_name_becomes_another_name_of_the_kept_one(sandefjord, kari):
    kept, gone = organisation(sandefjord, name="Moskeen"), organisation(sandefjord, name="Fjordbyen moské")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=gone, name="Sjøbyen moské")
    merge(kept, gone, kari)
    assert sorted(alias.name for alias in fresh(kept).aliases.all()) == ["Fjordbyen moské", "Sjøbyen moské"]
    assert Organisation.objects.of(sandefjord).named("fjordbyen moské") == kept


def test_the_kept_ones_former_name_becomes_the_other_name_when_the_gone_one_is_chosen(sandefjord, kari):
    kept, gone = organisation(sandefjord, name="Moskeen"), organisation(sandefjord, name="Fjordbyen moské")
    OrganisationAlias.objects.create(tenant=sandefjord, organisation=kept, name="Fjordbyen Moské")
    merge(kept, gone, kari, name="Fjordbyen moské")
    row = fresh(kept)
    assert (row.name, [alias.name for alias in row.aliases.all()]) == ("Fjordbyen moské", ["Moskeen"])


@pytest.mark.parametrize("field", ["umbrella", "successor"])
def test_no_organisation_ends_up_above_or_after_itself(sandefjord, kari, field):
    kept, gone, between = (organisation(sandefjord) for _ in range(3))
    Organisation.objects.of(sandefjord).filter(pk=gone.pk).update(**{field: between})
    Organisation.objects.of(sandefjord).filter(pk=between.pk).update(**{field: kept})
    merge(kept, gone, kari, **{field: between})
    assert getattr(fresh(kept), field) is None
    assert getattr(fresh(between), field) == kept

    beside = organisation(sandefjord, **{field: kept})
    Organisation.objects.of(sandefjord).filter(pk=kept.pk).update(**{field: beside})
    merge(fresh(kept), beside, kari)
    assert getattr(fresh(kept), field) is None


def test_a_meeting_that_both_host_is_hosted_once_and_the_link_stays_on_record(sandefjord, kari):
    kept, gone, to = organisation(sandefjord), organisation(sandefjord), event(sandefjord)
    EventHost.objects.create(tenant=sandefjord, event=to, organisation=kept, position=2)
    EventHost.objects.create(tenant=sandefjord, event=to, organisation=gone, position=1)
    merger = merge(kept, gone, kari)
    assert [link.organisation_id for link in EventHost.objects.of(sandefjord)] == [kept.pk]
    (dropped,) = merger.dropped
    assert (dropped["model"], dropped["event"], dropped["position"]) == ("events.eventhost", str(to.pk), "1")


def test_a_row_that_others_hang_on_is_never_dropped_without_a_rule(sandefjord, kari, monkeypatch):
    monkeypatch.delitem(rules._rules, "invites.invitation")
    to, kept, gone = event(sandefjord), contact(sandefjord), contact(sandefjord)
    rows = [said(to, kept, "accepted"), said(to, gone, "accepted")]
    with pytest.raises(following.NotMergeable):
        merge(kept, gone, kari)
    assert [fresh(row).contact_id for row in rows] == [kept.pk, gone.pk]


# --- Verdicts -------------------------------------------------------------------------------------------------------
def test_who_was_told_apart_from_the_gone_one_is_apart_from_the_kept_one(sandefjord, kari):
    kept, gone, third, fourth = (contact(sandefjord) for _ in range(4))
    services.tell_apart(gone, third, by=kari)
    services.tell_apart(gone, fourth, by=kari)
    services.tell_apart(kept, fourth, by=kari)
    services.tell_apart(kept, gone, by=kari)
    merge(kept, gone, kari)
    assert NotSame.objects.of(sandefjord).pairs("contact") == {(kept.pk, third.pk), (kept.pk, fourth.pk)}
    assert NotSame.objects.of(sandefjord).count() == 2


# --- What the directory knows beside the columns ----------------------------------------------------------------------
def test_tags_groups_and_the_text_a_search_reads_follow(sandefjord, kari):
    from events.directory.groups.models import ContactGroup, GroupMember
    from events.directory.labels.models import ContactTag, Tag

    kept, gone = contact(sandefjord), contact(sandefjord)
    young, key = (Tag.objects.create(tenant=sandefjord, name=name) for name in ("ungdom", "nøkkelperson"))
    group = ContactGroup.objects.create(tenant=sandefjord, name="Imamer")
    for row, tag in ((kept, young), (gone, young), (gone, key)):
        ContactTag.objects.create(tenant=sandefjord, contact=row, tag=tag)
    for row in (kept, gone):
        GroupMember.objects.create(tenant=sandefjord, contact=row, group=group)
    merge(kept, gone, kari)
    assert sorted(tag.name for tag in fresh(kept).tags.all()) == ["nøkkelperson", "ungdom"]
    assert list(group.members.all()) == [kept]
    assert list(Contact.objects.of(sandefjord).matching("nøkkelpersoner")) == [kept]


def test_an_organisation_is_found_by_its_former_name(sandefjord, kari):
    kept, gone = (
        organisation(sandefjord, name="Moskeen"),
        organisation(sandefjord, name="Sjøbyen trossamfunn"),
    )
    merge(kept, gone, kari)
    assert list(Organisation.objects.of(sandefjord).matching("sjøbyen trossamfunnet")) == [kept]


def test_a_membership_in_a_network_begins_when_the_first_of_the_two_joined(sandefjord, kari):
    from events.directory.networks.models import NetworkMember

    network, kept, gone = (
        organisation(sandefjord, kind="network"),
        organisation(sandefjord),
        organisation(sandefjord),
    )
    for row, year in ((kept, 2024), (gone, 2019)):
        NetworkMember.objects.create(
            tenant=sandefjord,
            network=network,
            member=row,
            joined_from=dt.date(year, 1, 1),
            joined_precision="year",
        )
    merge(kept, gone, kari)
    row = NetworkMember.objects.of(sandefjord).get()
    assert (row.member_id, row.joined_from) == (kept.pk, dt.date(2019, 1, 1))


def test_a_network_merged_with_its_member_is_no_member_of_itself(sandefjord, kari):
    from events.directory.networks.models import NetworkMember

    for way in (0, 1):
        pair = organisation(sandefjord), organisation(sandefjord)
        NetworkMember.objects.create(tenant=sandefjord, network=pair[0], member=pair[1])
        merger = merge(pair[way], pair[1 - way], kari)
        assert [each["model"] for each in merger.dropped] == ["events.networkmember"]
    assert not NetworkMember.objects.of(sandefjord).exists()


def test_whoever_came_after_the_gone_one_comes_after_the_kept_one(sandefjord, kari):
    before, kept, gone, after = (contact(sandefjord) for _ in range(4))
    Contact.objects.of(sandefjord).filter(pk=gone.pk).update(succeeds=before)
    Contact.objects.of(sandefjord).filter(pk=after.pk).update(succeeds=gone)
    merge(kept, gone, kari)
    assert fresh(after).succeeds_id == kept.pk
    assert fresh(kept).succeeds_id == before.pk


def test_of_two_who_came_after_none_is_lost(sandefjord, kari):
    kept, gone, one, other = (contact(sandefjord) for _ in range(4))
    Contact.objects.of(sandefjord).filter(pk=one.pk).update(succeeds=kept)
    Contact.objects.of(sandefjord).filter(pk=other.pk).update(succeeds=gone)
    merger = merge(kept, gone, kari)
    assert (fresh(one).succeeds_id, fresh(other).succeeds_id) == (kept.pk, None)
    assert merger.dropped == [{"model": "events.contact", "id": other.pk, "succeeds": str(gone.pk)}]


def test_a_contact_merged_with_the_one_before_is_not_after_itself(sandefjord, kari):
    for way in (0, 1):
        pair = contact(sandefjord), contact(sandefjord)
        Contact.objects.of(sandefjord).filter(pk=pair[1].pk).update(succeeds=pair[0])
        merge(pair[way], pair[1 - way], kari)
        assert fresh(pair[way]).succeeds_id is None


def test_an_own_type_brings_its_kind_and_a_channel_fits_what_is_entered(sandefjord, kari):
    from events.directory.labels.models import OrganisationType

    mosque = OrganisationType.objects.create(tenant=sandefjord, name="moské", kind="faith")
    kept, gone = organisation(sandefjord, kind="ngo"), organisation(sandefjord, kind="faith", type=mosque)
    merge(kept, gone, kari, type=mosque)
    assert (fresh(kept).type_id, fresh(kept).kind) == (mosque.pk, "faith")
    one = contact(sandefjord, email="a@x.example", phone="33 41 60 00")
    merge(one, contact(sandefjord, email=""), kari, email="")
    assert (fresh(one).email, fresh(one).channel) == ("", "phone")
    letters = contact(sandefjord, channel="letter")
    merge(letters, contact(sandefjord), kari)
    assert fresh(letters).channel == "letter"
