"""Mails that came back: in plain words, with what to do next, until an organiser has dealt with them."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from events.audit import AuditEntry
from invites.post import outbox, services, trouble
from invites.post.models import Delivery, OutgoingMail
from invites.post.problems import WORDS, Problem, explain, explain_delivery
from invites.post.provider_models import DeliveryEvent
from invites.post.transports.base import refused
from tests.post.kit import STATE, queue, rows, states

IN_TROUBLE = ("blocked", "bounced", "dropped", "complained")


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


@pytest.fixture
def english(kari):
    kari.language = "en"
    kari.save()


def told(mail, what, detail="", **facts):
    OutgoingMail.objects.of(mail.tenant_id).filter(pk=mail.pk).update(
        **{
            "state": STATE.ACCEPTED,
            "settled_at": timezone.now(),
            "delivery": what,
            "delivery_at": timezone.now(),
            "delivery_detail": detail,
            **facts,
        }
    )
    mail.refresh_from_db()
    return mail


@pytest.fixture
def bounced(sandefjord):
    return told(queue(sandefjord)[0], "bounced", "550 5.1.1 no such user")


def page(tenant, query=""):
    return reverse("mail-trouble", kwargs={"tenant": tenant.slug}) + query


def button(name, mail):
    return reverse(name, kwargs={"tenant": mail.tenant.slug, "pk": mail.pk})


def settle(desk, tenant, **data):
    return desk.post(reverse("mail-settle-many", kwargs={"tenant": tenant.slug}), data)


@pytest.mark.parametrize("what", Delivery.values)
def test_what_did_not_arrive_is_in_trouble(sandefjord, what):
    mail = told(queue(sandefjord)[0], what)
    assert list(OutgoingMail.objects.of(sandefjord).in_trouble()) == ([mail] if what in IN_TROUBLE else [])


@pytest.mark.parametrize(("hours", "found"), [(11, 0), (13, 1)])
def test_a_delay_is_trouble_when_it_lasts(sandefjord, hours, found):
    told(queue(sandefjord)[0], "deferred", settled_at=timezone.now() - dt.timedelta(hours=hours))
    assert OutgoingMail.objects.of(sandefjord).in_trouble().count() == found


def test_a_bounced_mail_is_shown_with_what_happened_and_what_to_do(bounced, kari, english, at_desk):
    DeliveryEvent.objects.create(
        event_id="1", delivery_id=bounced.delivery_id, mail=bounced, what="bounced", at=timezone.now(),
        detail="550 5.1.1 no such user", source="sendgrid",
    )  # fmt: skip
    DeliveryEvent.objects.create(
        event_id="2", delivery_id=uuid.uuid4(), mail=bounced, what="deferred", at=timezone.now(), source="dsn"
    )
    html = at_desk(kari).get(page(bounced.tenant)).content.decode()
    for text in (
        "Bounced: the address does not work",
        "The mail came back: the address does not work. Correct the address and send again",
        "The answer was: 550 5.1.1 no such user",
        "Delayed by the recipient&#x27;s server (the earlier sending)",
    ):
        assert text in html
    assert button("mail-send-again", bounced) in html
    assert button("mail-deal-with", bounced) in html
    assert button("mail-treat-as-sent", bounced) not in html
    assert "address/" not in html  # of a kind that is to no contact


@pytest.mark.parametrize(("what", "again"), [("bounced", True), ("blocked", True), ("complained", False)])
def test_what_the_recipient_called_unwanted_is_not_sent_again(sandefjord, kari, at_desk, what, again):
    mail = told(queue(sandefjord)[0], what)
    assert (button("mail-send-again", mail) in at_desk(kari).get(page(sandefjord)).content.decode()) == again
    at_desk(kari).post(button("mail-send-again", mail))
    assert states(sandefjord) == [STATE.QUEUED if again else STATE.ACCEPTED]


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("Bounced Address", Problem.DROPPED_BOUNCED),
        ("Unsubscribed Address", Problem.DROPPED_UNWANTED),
        ("Spam Reporting Address", Problem.DROPPED_UNWANTED),
        ("Invalid", Problem.DROPPED_INVALID),
        ("Invalid SMTPAPI header", Problem.DROPPED),
        ("Spam Content (if spam checker app enabled)", Problem.DROPPED_CONTENT),
        ("Recipient List over Package Quota", Problem.DROPPED_QUOTA),
        ("something new", Problem.DROPPED),
    ],
)
def test_each_reason_for_dropping_has_words_of_its_own(reason, problem):
    for explained in (explain(f"dropped: {reason}"), explain_delivery("dropped", reason)):
        assert explained == (str(WORDS[problem][0]), str(WORDS[problem][1]), reason)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_outcome_that_is_trouble_has_words(language):
    with translation.override(language):
        for what in (*IN_TROUBLE, "deferred"):
            explained = explain_delivery(what, "x")
            assert explained.what != explain("no such problem").what
            assert explained.todo


def test_sending_again_forgets_what_was_told_of_the_first_time(bounced, kari, transport):
    services.send_again(bounced, by=kari)
    (mail,) = rows(bounced.tenant)
    assert (mail.state, mail.delivery, mail.delivery_detail, mail.delivery_at) == (STATE.QUEUED, "", "", None)
    post = transport()
    outbox.deliver()
    assert post.sent == ["guest1@forening.example"]


def test_who_looks_at_an_old_page_does_not_send_a_third_time(bounced, kari, transport):
    old = OutgoingMail.objects.of(bounced.tenant).get()
    services.send_again(bounced, by=kari)
    transport(refused("550 still no such user"))
    outbox.deliver()
    assert states(bounced.tenant) == [STATE.FAILED]
    with pytest.raises(services.NotAllowed):
        services.send_again(old, by=kari)
    assert states(bounced.tenant) == [STATE.FAILED]


def test_dealt_with_takes_it_off_the_list_once_and_leaves_the_mail_as_it_was(bounced, kari, at_desk):
    desk = at_desk(kari)
    for _click in range(2):
        assert desk.post(button("mail-deal-with", bounced)).status_code == 302
    assert not OutgoingMail.objects.of(bounced.tenant).in_trouble().exists()
    (mail,) = rows(bounced.tenant)
    assert (mail.state, mail.delivery) == (STATE.ACCEPTED, "bounced")
    (entry,) = AuditEntry.objects.of(bounced.tenant).filter(action="mail.dealt_with")
    assert entry.facts == {"kind": "plain"}


def test_what_was_dealt_with_is_trouble_again_when_it_is_sent_again_in_vain(bounced, kari):
    services.deal_with(bounced, by=kari)
    services.send_again(bounced, by=kari)
    told(bounced, "blocked")
    assert OutgoingMail.objects.of(bounced.tenant).in_trouble().count() == 1


@pytest.mark.parametrize("state", [STATE.UNKNOWN, STATE.ACCEPTED, STATE.QUEUED])
def test_only_what_did_not_arrive_can_be_dealt_with(sandefjord, kari, state):
    mail = told(queue(sandefjord)[0], "", state=state)
    with pytest.raises(services.NotAllowed):
        services.deal_with(mail, by=kari)


# --- Many at once -----------------------------------------------------------------------------------------------
@pytest.fixture
def lost(sandefjord):
    mails = queue(sandefjord, 5)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.UNKNOWN, settled_at=timezone.now())
    told(mails[4], "bounced")
    return mails


def test_the_ticked_mails_of_unknown_fate_are_settled_at_once(lost, sandefjord, kari, english, at_desk):
    data = {"mail": [str(lost[0].pk), str(lost[1].pk), str(lost[4].pk)], "do": "sent"}
    assert settle(at_desk(kari), sandefjord, **data).url == page(sandefjord)
    assert states(sandefjord) == [STATE.ACCEPTED] * 2 + [STATE.UNKNOWN] * 2 + [STATE.ACCEPTED]
    assert rows(sandefjord)[4].delivery == "bounced"
    html = at_desk(kari).get(page(sandefjord)).content.decode()
    assert "2 mails now count as sent." in html


def test_all_of_unknown_fate_are_sent_again_with_one_wake_up(
    lost, sandefjord, kari, at_desk, wakes, django_capture_on_commit_callbacks
):
    wakes.clear()
    with django_capture_on_commit_callbacks(execute=True):
        settle(at_desk(kari), sandefjord, all="1", do="again")
    assert states(sandefjord) == [STATE.QUEUED] * 4 + [STATE.ACCEPTED]
    assert wakes == ["invites.post.tasks.deliver"]
    assert AuditEntry.objects.of(sandefjord).filter(action="mail.sent_again").count() == 4


@pytest.mark.parametrize(
    "data", [{}, {"do": "sent"}, {"mail": ["1"]}, {"mail": ["x", "²", "9" * 30], "do": "sent"}]
)
def test_without_a_choice_nothing_happens(lost, sandefjord, kari, english, at_desk, data):
    desk = at_desk(kari)
    settle(desk, sandefjord, **data)
    assert states(sandefjord) == [STATE.UNKNOWN] * 4 + [STATE.ACCEPTED]
    assert "Choose at least one mail." in desk.get(page(sandefjord)).content.decode()


def test_another_tenants_mails_are_not_settled(lost, sandefjord, kristiansand, nils, at_desk):
    settle(at_desk(nils), kristiansand, mail=[str(lost[0].pk)], do="sent")
    settle(at_desk(nils), kristiansand, all="1", do="sent")
    assert states(sandefjord) == [STATE.UNKNOWN] * 4 + [STATE.ACCEPTED]
    assert settle(at_desk(nils), sandefjord, all="1", do="sent").status_code == 404


def test_boxes_are_offered_where_there_are_several(lost, sandefjord, kari, at_desk):
    html = at_desk(kari).get(page(sandefjord)).content.decode()
    assert html.count('form="settle-many"') == 4
    OutgoingMail.objects.of(sandefjord).filter(pk__in=[mail.pk for mail in lost[1:]]).update(state="accepted")
    assert "settle-many" not in at_desk(kari).get(page(sandefjord)).content.decode()


# --- The list ---------------------------------------------------------------------------------------------------
def test_the_list_can_be_narrowed_to_one_kind_of_trouble(lost, sandefjord, kari, at_desk):
    desk = at_desk(kari)
    assert [(group.key, group.count) for group in trouble.groups(sandefjord)] == [
        ("unknown", 4),
        ("returned", 1),
    ]
    for show, number in (("", 5), ("unknown", 4), ("returned", 1), ("failed", 5), ("x", 5), ("\x00", 5)):
        assert len(desk.get(page(sandefjord), {"show": show}).context["entries"]) == number


def test_a_long_list_has_pages(sandefjord, kari, at_desk):
    queue(sandefjord, 30)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.UNKNOWN)
    desk = at_desk(kari)
    pages = [desk.get(page(sandefjord, f"?show=unknown&page={number}")) for number in (1, 2)]
    assert [len(one.context["entries"]) for one in pages] == [25, 5]
    assert "All 30 of unknown fate" in pages[0].content.decode() or "Alle 30" in pages[0].content.decode()


def test_the_overview_says_what_came_back(bounced, kari, english, at_desk):
    html = at_desk(kari).get(reverse("dashboard", kwargs={"tenant": bounced.tenant.slug})).content.decode()
    assert "Bounced: the address does not work. The mail came back: the address does not work." in html
