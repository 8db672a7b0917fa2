"""Two people merge at the same moment: one wins, nothing is lost."""

import pytest

from events.directory.merging import services
from events.directory.merging.models import Merger
from events.directory.models import Contact
from invites.invitations import services as inviting
from invites.invitations.models import Invitation
from tests.factories import contact, event, invitation
from tests.gatherings.test_at_once import MANY, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def tried(kept, gone, by):
    try:
        return services.merge(kept=kept, gone=gone, facts={}, by=by) and "merged"
    except services.AlreadyMerged:
        return "too late"


def test_of_many_who_merge_the_same_two_either_way_round_one_does(sandefjord, kari):
    one, other = contact(sandefjord), contact(sandefjord)
    for row in (one, other):
        invitation(event(sandefjord), contact=row)
    done = at_once(lambda n: tried(*((one, other) if n % 2 else (other, one)), kari))
    assert sorted(done) == sorted(["merged", *["too late"] * (MANY - 1)])
    left = Contact.objects.of(sandefjord).get()
    assert Merger.objects.of(sandefjord).get().kept_id == left.pk
    assert [row.contact_id for row in Invitation.objects.of(sandefjord)] == [left.pk] * 2


def test_a_chain_merged_at_once_loses_no_invitation(sandefjord, kari):
    rows = [contact(sandefjord) for _ in range(MANY + 1)]
    for row in rows:
        invitation(event(sandefjord), contact=row)
    done = at_once(lambda n: tried(rows[n], rows[n + 1], kari))
    left = {row.pk for row in Contact.objects.of(sandefjord)}
    assert len(left) == MANY + 1 - done.count("merged")
    assert {row.contact_id for row in Invitation.objects.of(sandefjord)} <= left
    assert Invitation.objects.of(sandefjord).count() == MANY + 1


def test_an_invitation_sent_while_two_are_merged_is_not_lost(sandefjord, kari):
    kept, gone = contact(sandefjord), contact(sandefjord)
    meetings = [event(sandefjord) for _ in range(MANY)]

    def move(n):
        if n == 0:
            return services.merge(kept=kept, gone=gone, facts={}, by=kari) and "merged"
        people = Contact.objects.of(sandefjord).filter(pk__in=(kept.pk, gone.pk))
        try:
            return inviting.invite(meetings[n], by=kari, contacts=people)
        except Exception as refused:  # the row was gone before the invitation was written
            return type(refused).__name__

    done = at_once(move)
    assert done[0] == "merged"
    sent = sum(number for number in done[1:] if isinstance(number, int))
    assert Invitation.objects.of(sandefjord).count() == sent
    assert {row.contact_id for row in Invitation.objects.of(sandefjord)} <= {kept.pk}
    assert set(done[1:]) <= {1, 2, "IntegrityError"}
