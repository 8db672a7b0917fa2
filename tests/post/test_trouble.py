"""The page of mails in trouble, and what an organiser may do about them."""

import pytest
from django.urls import reverse

from events.audit import AuditEntry
from invites.post import lanes, outbox, services
from invites.post.models import OutgoingMail
from invites.post.problems import Problem, note
from invites.post.transports.base import refused, unknown
from tests.post.kit import STATE, queue, rows, states


@pytest.fixture(autouse=True)
def _wakes(wakes):
    return wakes


@pytest.fixture
def failed(sandefjord, transport):
    transport(refused("550 5.1.1 no such user"))
    queue(sandefjord)
    outbox.deliver()
    return rows(sandefjord)[0]


@pytest.fixture
def lost(sandefjord, transport):
    transport(unknown("time-out"))
    queue(sandefjord)
    outbox.deliver()
    return rows(sandefjord)[0]


def page(tenant):
    return reverse("mail-trouble", kwargs={"tenant": tenant.slug})


def button(name, mail):
    return reverse(name, kwargs={"tenant": mail.tenant.slug, "pk": mail.pk})


def test_a_failed_mail_is_shown_with_what_happened_and_what_to_do(failed, kari, at_desk):
    kari.language = "en"
    kari.save()
    html = at_desk(kari).get(page(failed.tenant)).content.decode()
    assert "guest1@forening.example" in html
    assert "The recipient&#x27;s mail service refused the mail." in html
    assert "550 5.1.1 no such user" in html
    assert "Check the e-mail address" in html
    assert button("mail-send-again", failed) in html
    assert button("mail-treat-as-sent", failed) not in html


def test_a_mail_of_unknown_fate_may_be_settled_or_sent_again(lost, kari, at_desk):
    html = at_desk(kari).get(page(lost.tenant)).content.decode()
    assert button("mail-send-again", lost) in html
    assert button("mail-treat-as-sent", lost) in html


def test_mails_without_trouble_are_not_shown(sandefjord, kari, at_desk, transport):
    transport()
    queue(sandefjord, 2)
    outbox.deliver([rows(sandefjord)[0].pk])
    assert at_desk(kari).get(page(sandefjord)).context["entries"] == []


def test_sending_again_is_a_new_delivery_of_the_same_row(failed, kari, at_desk, wakes, transport):
    with_callbacks = at_desk(kari).post(button("mail-send-again", failed))
    assert (with_callbacks.status_code, with_callbacks.url) == (302, page(failed.tenant))
    (mail,) = rows(failed.tenant)
    assert (mail.pk, mail.state, mail.attempts, mail.problem) == (failed.pk, STATE.QUEUED, 0, "")
    assert mail.delivery_id != failed.delivery_id
    post = transport()
    outbox.deliver()
    assert post.sent == ["guest1@forening.example"]
    assert states(failed.tenant) == [STATE.ACCEPTED]


def test_sending_again_wakes_the_workers(failed, kari, wakes, django_capture_on_commit_callbacks):
    wakes.clear()
    with django_capture_on_commit_callbacks(execute=True):
        services.send_again(failed, by=kari)
        assert wakes == []
    assert wakes == ["invites.post.tasks.deliver"]


def test_a_double_click_sends_once(failed, kari, at_desk):
    desk = at_desk(kari)
    desk.post(button("mail-send-again", failed))
    first = rows(failed.tenant)[0].delivery_id
    assert desk.post(button("mail-send-again", failed)).status_code == 302
    assert rows(failed.tenant)[0].delivery_id == first
    assert AuditEntry.objects.of(failed.tenant).filter(action="mail.sent_again").count() == 1


def test_a_sent_mail_is_never_sent_again(sandefjord, kari, transport):
    transport()
    queue(sandefjord)
    outbox.deliver()
    with pytest.raises(services.NotAllowed):
        services.send_again(rows(sandefjord)[0], by=kari)
    assert states(sandefjord) == [STATE.ACCEPTED]


def test_treating_as_sent_settles_only_the_unknown(lost, kari, at_desk):
    at_desk(kari).post(button("mail-treat-as-sent", lost))
    assert states(lost.tenant) == [STATE.ACCEPTED]


def test_a_failed_mail_cannot_be_treated_as_sent(failed, kari):
    with pytest.raises(services.NotAllowed):
        services.treat_as_sent(failed, by=kari)
    assert states(failed.tenant) == [STATE.FAILED]


def test_the_audit_names_who_but_no_address(lost, kari):
    services.treat_as_sent(lost, by=kari)
    entry = AuditEntry.objects.of(lost.tenant).get(action="mail.treated_as_sent")
    assert entry.actor_name == "Kari Koordinator"
    assert entry.facts == {"kind": "plain"}


def test_a_stranger_finds_nothing(failed, nils, at_desk):
    desk = at_desk(nils)
    assert desk.get(page(failed.tenant)).status_code == 404
    assert desk.post(button("mail-send-again", failed)).status_code == 404
    elsewhere = reverse("mail-send-again", kwargs={"tenant": "kristiansand", "pk": failed.pk})
    assert desk.post(elsewhere).status_code == 404
    assert states(failed.tenant) == [STATE.FAILED]


@pytest.mark.parametrize("who", ["mina", "leif"])
def test_who_does_not_invite_sees_no_mails(failed, request, at_desk, who):
    desk = at_desk(request.getfixturevalue(who))
    assert desk.get(page(failed.tenant)).status_code == 403
    assert desk.post(button("mail-send-again", failed)).status_code == 403


def test_the_buttons_do_nothing_on_get(failed, kari, at_desk):
    assert at_desk(kari).get(button("mail-send-again", failed)).status_code == 405
    assert states(failed.tenant) == [STATE.FAILED]


def test_three_mails_cost_as_many_queries_as_one(
    sandefjord, kari, at_desk, transport, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk, counts = at_desk(kari), []
    for count in (1, 3):
        transport(*[refused("no")] * count)
        queue(sandefjord, count, kind="plain", revision=count)
        outbox.deliver()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(page(sandefjord))
        counts.append(len(queries))
    assert OutgoingMail.objects.of(sandefjord).in_trouble().count() == 4
    assert counts[0] == counts[1]
    assert counts[1] <= 7


def test_the_page_says_when_mails_wait_for_the_mail_service_and_why(sandefjord, kari, at_desk):
    kari.language = "en"
    kari.save()
    open_lane = at_desk(kari).get(page(sandefjord)).content.decode()
    lanes.pause("file", wait=None, problem=note(Problem.KEY, "401"))
    closed = at_desk(kari).get(page(sandefjord)).content.decode()
    said = ("Mails are waiting at the moment", "Our mail service refused to send for us.")
    assert [(words in open_lane, words in closed) for words in said] == [(False, True)] * 2
