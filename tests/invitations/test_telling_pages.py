"""The pages for telling those invited and for reminders: led there, seen first, one button, nothing lost."""

import pytest
from django.utils.html import escape

from events.gatherings import services as gatherings
from invites.invitations.models import Invitation
from invites.invitations.reminders.models import ReminderPlan, ReminderRun
from invites.invitations.telling.models import Telling
from invites.post import outbox
from tests.factories import event
from tests.gatherings.test_views import form_of
from tests.invitations.telling import fresh, invited, later, mails, of, tell, told
from tests.queries import queries_of

PAGE = "/t/sandefjord/events/"


@pytest.fixture(autouse=True)
def still_post(monkeypatch):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Dialogmøte om tillit", contact_phone="33 41 60 00")


@pytest.fixture
def desk(at_desk, kari):
    kari.language = "en"
    kari.save()
    return at_desk(kari)


def html(response):
    return response.content.decode()


def decision(row, **facts):
    return {"sequence": row.sequence, "who": "all", "message": "", **facts}


# --- Telling ---------------------------------------------------------------------------------------------------
def test_after_a_new_time_the_organiser_is_led_to_tell_and_reminded_until_it_is_settled(desk, meeting):
    invited(meeting)
    saved = desk.post(f"{PAGE}{meeting.pk}/edit/", form_of(meeting, end_time="20:00"))
    assert saved.headers["Location"] == f"{PAGE}{meeting.pk}/tell/"
    page = html(desk.get(saved.headers["Location"]))
    assert ("17:00–19:00" in page, "17:00–20:00" in page) == (True, True)
    for address in (f"{PAGE}{meeting.pk}/", "/t/sandefjord/"):
        assert f'href="{PAGE}{meeting.pk}/tell/"' in html(desk.get(address))
    desk.post(f"{PAGE}{meeting.pk}/tell/", {"sequence": 1, "do": "nobody"})
    for address in (f"{PAGE}{meeting.pk}/", "/t/sandefjord/"):
        assert f'href="{PAGE}{meeting.pk}/tell/"' not in html(desk.get(address))
    assert Telling.objects.of(meeting.tenant_id).get().who == "nobody"


def test_the_mail_is_seen_first_and_sent_with_one_button(desk, meeting):
    row = invited(meeting)
    now = later(meeting)
    address = f"{PAGE}{now.pk}/tell/"
    chosen = desk.post(address, decision(now, message="Salen var opptatt.", asks_again="on"))
    assert (chosen.headers["Location"], mails(now.tenant, "update")) == (f"{address}preview/", [])
    page = html(desk.get(f"{address}preview/"))
    assert ("amina@moske.example" in page, "Salen var opptatt." in page) == (True, True)
    frame = html(desk.get(f"{address}preview/{row.pk}/"))
    assert ("Salen var opptatt." in frame, row.token in frame, row.token in page) == (True, False, False)
    desk.post(f"{address}send/")
    desk.post(f"{address}send/")
    assert (len(mails(now.tenant, "update")), of(now).answers_from_sequence) == (1, 1)
    assert "1 invitee is told of how the meeting is now." in html(desk.get(address))


def test_what_was_typed_is_kept_when_nobody_is_ticked(desk, meeting):
    invited(meeting)
    now = later(meeting)
    data = {"sequence": 1, "who": "chosen", "message": "Husk <innebandy>"}
    page = html(desk.post(f"{PAGE}{now.pk}/tell/", data))
    assert ("Tick at least one invitee below." in page, escape("Husk <innebandy>") in page) == (True, True)
    assert "Choose who is told." in html(desk.post(f"{PAGE}{now.pk}/tell/", {"sequence": 1, "message": ""}))


@pytest.mark.parametrize("chosen", ["x", "9" * 30, "-1", "0"])
def test_ids_that_are_none_are_refused_without_an_error(desk, meeting, chosen):
    invited(meeting)
    now = later(meeting)
    data = decision(now, who="chosen", chosen=[chosen])
    assert desk.post(f"{PAGE}{now.pk}/tell/", data, follow=True).status_code == 200
    assert mails(now.tenant, "update") == []


@pytest.mark.parametrize("sequence", ["", "x", "9" * 30, "-1", "7"])
def test_a_forged_revision_tells_nobody(desk, meeting, sequence):
    invited(meeting)
    now = later(meeting)
    for data in (decision(now) | {"sequence": sequence}, {"sequence": sequence, "do": "nobody"}):
        assert desk.post(f"{PAGE}{now.pk}/tell/", data, follow=True).status_code == 200
        desk.post(f"{PAGE}{now.pk}/tell/send/")
    assert (mails(now.tenant, "update"), of(now).told_sequence) == ([], 0)


def test_another_change_in_between_leads_back_and_says_so(desk, meeting):
    invited(meeting)
    now = later(meeting)
    desk.post(f"{PAGE}{now.pk}/tell/", decision(now))
    later(now)
    sent = desk.post(f"{PAGE}{now.pk}/tell/send/", follow=True)
    assert "The meeting has changed since you opened the page." in html(sent)
    assert mails(now.tenant, "update") == []


def test_asking_again_is_ticked_when_the_day_moved_and_offered_only_while_answers_are_taken(desk, meeting):
    invited(meeting)
    now = later(meeting)
    assert 'name="asks_again"' in html(desk.get(f"{PAGE}{now.pk}/tell/"))
    assert (
        "checked"
        in html(desk.get(f"{PAGE}{now.pk}/tell/")).partition('name="asks_again"')[2].partition(">")[0]
    )
    type(now).objects.of(now.tenant).filter(pk=now.pk).update(answer_by="2026-01-01T00:00Z")
    page = html(desk.get(f"{PAGE}{now.pk}/tell/"))
    assert ('name="asks_again"' in page, "the answer deadline has passed" in page) == (False, True)


def test_a_cancellation_leads_to_its_own_form(desk, meeting):
    invited(meeting, "Amina Noor", reply="declined")
    invited(meeting, "Bo Berg")
    cancelled = desk.post(f"{PAGE}{meeting.pk}/cancel/", {"reason": "Syk"})
    assert cancelled.headers["Location"] == f"{PAGE}{meeting.pk}/tell/"
    page = html(desk.get(cancelled.headers["Location"]))
    assert 'value="open"' in page.partition("checked")[0][-200:]
    desk.post(f"{PAGE}{meeting.pk}/tell/", decision(of(meeting), who="open"))
    assert "Avlyst" in html(desk.get(f"{PAGE}{meeting.pk}/tell/preview/"))
    desk.post(f"{PAGE}{meeting.pk}/tell/send/")
    assert told(meeting.tenant, "cancellation") == ["bo"]


def test_who_must_be_called_stands_there_with_the_number(desk, meeting):
    invited(meeting, "Lars Brev", mail=False, channel="letter", phone="900 00 001")
    now = later(meeting)
    page = html(desk.get(f"{PAGE}{now.pk}/tell/"))
    assert ("Lars Brev" in page, "900 00 001" in page, "I tell them myself" in page) == (True, True, True)


def test_without_anything_new_the_page_says_so(desk, meeting):
    assert "There is nothing new to tell" in html(desk.get(f"{PAGE}{meeting.pk}/tell/"))


def test_a_withdrawal_is_told_unless_the_organiser_says_no(desk, meeting):
    amina, bo = invited(meeting, "Amina Noor"), invited(meeting, "Bo Berg")
    assert 'name="tell"' in html(desk.get(f"/t/sandefjord/invitations/{amina.pk}/withdraw/"))
    desk.post(f"/t/sandefjord/invitations/{amina.pk}/withdraw/", {"tell": "1"})
    desk.post(f"/t/sandefjord/invitations/{bo.pk}/withdraw/")
    assert told(meeting.tenant, "cancellation") == ["amina"]
    silent = invited(meeting, "David D", state="queued")
    assert 'name="tell"' not in html(desk.get(f"/t/sandefjord/invitations/{silent.pk}/withdraw/"))


def test_strangers_mails_are_not_shown(at_desk, nils, meeting):
    row = invited(meeting)
    now = later(meeting)
    client = at_desk(nils)
    for address in (f"tell/preview/{row.pk}/", f"chase/preview/{row.pk}/", "tell/", "reminders/", "chase/"):
        assert client.get(f"/t/kristiansand/events/{now.pk}/{address}").status_code == 404


def test_the_pages_ask_as_much_for_one_as_for_three(desk, meeting):
    counts = []
    for names in (["Amina Noor"], ["Bo Berg", "Cecilie C"]):
        for name in names:
            invited(meeting, name, revision=0)
            invited(meeting, f"L{name}", mail=False, channel="letter", invited_at="2026-01-01T00:00Z")
        now = of(meeting) if counts else later(meeting)
        desk.post(f"{PAGE}{now.pk}/tell/", decision(now))
        addresses = [f"{PAGE}{now.pk}/{each}" for each in ("tell/", "tell/preview/", "reminders/", "chase/")]
        counts.append([queries_of(desk, address) for address in addresses])
    assert counts[0] == counts[1]


# --- Reminders -------------------------------------------------------------------------------------------------
def test_the_plan_is_told_with_its_dates_and_who_would_get_the_next(desk, meeting):
    invited(meeting)
    page = html(desk.get(f"{PAGE}{meeting.pk}/reminders/"))
    for words in ("7 days before the deadline", "2 days before the deadline", "1 day before the meeting"):
        assert words in page
    assert ("Amina Noor" in page, "amina@moske.example" in page) == (True, True)


def test_the_plan_is_changed_switched_off_and_on(desk, meeting):
    address = f"{PAGE}{meeting.pk}/reminders/"
    data = {"chase_days": "5", "remind_days": "", "at_hour": "10:30", "most": "2"}
    assert desk.post(f"{address}edit/", data).headers["Location"] == address
    plan = ReminderPlan.objects.of(meeting.tenant_id).get()
    assert (plan.chase_days, plan.remind_days, f"{plan.at_hour:%H:%M}", plan.most) == ([5], [], "10:30", 2)
    desk.post(f"{address}switch/", {"to": "off"})
    assert "The reminders of this meeting are off." in html(desk.get(address))
    desk.post(f"{address}switch/", {"to": "on"})
    plan.refresh_from_db()
    assert (plan.is_on, plan.chase_days) == (True, [5])


def test_a_wrong_plan_says_why_and_keeps_what_was_typed(desk, meeting):
    data = {"chase_days": "syv", "remind_days": "1", "at_hour": "09:00", "most": "3"}
    page = html(desk.post(f"{PAGE}{meeting.pk}/reminders/edit/", data))
    assert ("Write whole numbers from 0 to 60" in page, 'value="syv"' in page) == (True, True)
    assert ReminderPlan.objects.of(meeting.tenant_id).count() == 0


def test_those_who_have_not_answered_are_asked_by_hand(desk, meeting):
    amina, _bo = invited(meeting, "Amina Noor"), invited(meeting, "Bo Berg")
    address = f"{PAGE}{meeting.pk}/chase/"
    page = html(desk.get(address))
    assert page.count(" checked") == 2
    desk.post(address, {"chosen": [amina.pk], "message": "Vi trenger tallet."})
    page = html(desk.get(f"{address}preview/"))
    assert ("Vi trenger tallet." in page, "Ask 1 invitee once more" in page) == (True, True)
    frame = html(desk.get(f"{address}preview/{amina.pk}/"))
    assert ("Vi trenger tallet." in frame, amina.token in frame) == (True, False)
    desk.post(f"{address}send/")
    desk.post(f"{address}send/")
    assert (told(meeting.tenant, "chase"), ReminderRun.objects.of(meeting.tenant_id).get().number) == (
        ["amina"],
        1,
    )
    assert "is asked today already" in html(desk.get(address))
    desk.post(address, {"chosen": [amina.pk], "message": ""})
    refused = html(desk.post(f"{address}send/", follow=True))
    assert "Asked today already: Amina Noor." in refused
    assert len(mails(meeting.tenant, "chase")) == 1


def test_nobody_ticked_is_said_at_the_list(desk, meeting):
    invited(meeting)
    page = html(desk.post(f"{PAGE}{meeting.pk}/chase/", {"message": "Hei"}))
    assert ("Tick at least one invitee." in page, "Hei</textarea>" in page) == (True, True)


def test_of_a_cancelled_meeting_nobody_is_asked(desk, meeting):
    invited(meeting)
    gatherings.cancel(of(meeting), by=None, reason="")
    assert "Answers are not taken any more" in html(desk.get(f"{PAGE}{meeting.pk}/chase/"))
    assert "No more reminders are sent" in html(desk.get(f"{PAGE}{meeting.pk}/reminders/"))


def test_the_trouble_page_names_the_new_kinds(desk, meeting):
    row = invited(meeting, reply="accepted")
    tell(later(meeting))
    Invitation.objects.of(meeting.tenant).filter(pk=row.pk).update(language="en")
    from tests.invitations.telling import sent

    for kind in ("cancellation", "chase", "reminder"):
        sent(fresh(row), "failed", kind=kind, revision=9)
    page = html(desk.get("/t/sandefjord/mails/"))
    for words in ("Cancellation: ", "Reminder to answer: ", "Reminder of the meeting: "):
        assert f"{words}Dialogmøte om tillit" in page
