"""The main job: call the forum that measure 3 promises, get real answers to real mails, show what it moved."""

import csv
import datetime as dt
import io
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from events.audit import AuditEntry
from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.invitations.models import Invitation
from invites.post.models import OutgoingMail
from minutes.approval.models import MinutesVersion
from tests import factories
from tests.stories import worker
from tests.stories.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

PASSWORD = "fjord-og-skog-2026"
TITLE = "Dialogmøte om trygghet i sentrum"
MEASURE = "Samarbeid mellom kommune, politi og trossamfunn"
DECISION = "Kommunen kaller inn et fast forum to ganger i året."
ACTION = "Sende utkast til årshjul for forumet"
NAMES = ("Ahmed Nur", "Sokneprest Liv Berg", "Anita Lund", "Per Hansen")


@pytest.fixture
def story(meet, settings, monkeypatch, sandefjord, kari, mina):
    """Sandefjord before it begins: two colleagues with passwords, a plan, a directory. Jobs wait for the worker."""
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "SYNC", False)
    settings.MAIL_TRANSPORT = "file"
    for person in (kari, mina):
        person.set_password(PASSWORD)
        person.save()
    story = Story(meet, sandefjord, kari, mina)
    story.given_a_plan_and_a_directory()
    return story


class Story:
    def __init__(self, meet, sandefjord, kari, mina) -> None:
        self.meet, self.sandefjord, self.users = meet, sandefjord, {"kari": kari, "mina": mina}
        self.day = timezone.localdate() + dt.timedelta(days=14)

    # --- Given ----------------------------------------------------------------------------------------------------
    def given_a_plan_and_a_directory(self) -> None:
        factories.measure(self.sandefjord, title=MEASURE)
        factories.measure(self.sandefjord, title="Kurs for ansatte i skolen")
        faith = [("Islamsk senter Vestfold", NAMES[0], "imam@moske.example", "nb", "")]
        faith.append(("Sandefjord sokn", NAMES[1], "prest@sokn.example", "en", ""))
        faith.append(("Human-Etisk lokallag", NAMES[2], "anita@hef.example", "nb", "+47 900 00 003"))
        self._contacts("faith", faith)
        self._contacts("police", [("Sandefjord politistasjon", NAMES[3], "per@politi.example", "nb", "")])
        self._contacts("school", [("Byskolen", "Rektor Holm", "rektor@skole.example", "nb", "")])

    def _contacts(self, kind: str, rows: list[tuple[str, str, str, str, str]]) -> None:
        for organisation, name, email, language, phone in rows:
            body = factories.organisation(self.sandefjord, name=organisation, kind=kind)
            factories.contact(
                self.sandefjord, organisation=body, name=name, email=email, language=language, phone=phone
            )

    def signed_in(self, who: str) -> Visitor:
        visitor = self.meet()
        visitor.go("/accounts/login/").fill("Email", self.users[who].email).fill("Password", PASSWORD)
        return visitor.press("Sign in").reads("Overview", self.sandefjord.name)

    @property
    def event(self) -> Event:
        return Event.objects.of(self.sandefjord).get(title=TITLE)

    def path(self, tail: str = "") -> str:
        return f"/t/sandefjord/events/{self.event.pk}/{tail}"

    # --- Create and publish ---------------------------------------------------------------------------------------
    def when_kari_writes_the_meeting_without_a_place(self, kari: Visitor) -> None:
        kari.follow("New meeting").fill("Title", TITLE).fill("Format", "Utvidet dialogforum")
        kari.fill("Purpose", "Bli kjent, og bli enige om hvordan vi møtes fast.")
        kari.fill("Date", self.day.isoformat()).fill("Starts at", "17:00").fill("Ends at", "19:00")
        kari.fill("Host body", "Sandefjord kommune").fill("Chair", "Kari Koordinator")
        kari.fill("Number of seats", "20")
        kari.tick("Show the meeting on the public front page and in the public calendar")
        first = kari.group("Item %(n)s", n=1)
        kari.fill("Time", "17:00", within=first).fill("What", "Velkommen og runde rundt bordet", within=first)
        kari.press("Add another item")
        second = kari.group("Item %(n)s", n=2)
        kari.fill("Time", "17:30", within=second).fill("What", "Trygghet i sentrum", within=second)
        kari.fill("Speakers", "Per Hansen, politioverbetjent", within=second)
        # Each item of the agenda offers the measures too.
        kari.tick(f"3. {MEASURE}", within=kari.page.locator("fieldset:has(input[name=measures])"))
        kari.press("Save draft").reads(TITLE, "Utvidet dialogforum", "Trygghet i sentrum", f"3. {MEASURE}")

    def then_it_cannot_be_published_until_it_has_a_place(self, kari: Visitor) -> None:
        kari.follow("Publish").reads("This is missing before the meeting can be published")
        assert kari.button("Publish").count() == 0
        kari.follow("Set the place, or the link for those who join online.")
        kari.fill("Place", "Sandefjord rådhus").fill("Room", "Møterom 3").fill("Address", "Rådhusgata 1")
        kari.fill("District", "Sentrum").fill("Town", "Sandefjord").press("Save changes")
        assert self.event.state == Event.State.DRAFT
        kari.follow("Publish").press("Publish")
        assert self.event.state == Event.State.PUBLISHED

    # --- Invite ---------------------------------------------------------------------------------------------------
    def when_kari_invites_congregations_and_police(self, kari: Visitor) -> None:
        kari.follow("Invitations and answers").go(self.path("invite/"))
        kari.choose("Type of organisation", "faith and life-stance community").press("Search")
        kari.never_reads("Rektor Holm").page.locator("#choose-all").check()
        kari.choose("Type of organisation", "police").press("Search").tick(NAMES[3])
        kari.press("See the mail before sending").reads(TITLE, self.sandefjord.name)
        kari.open("The same as plain text").reads("Sentrum").never_reads("Møterom 3", "Rådhusgata 1")
        kari.press_twice(kari.say("Send %(n)s invitation", "Send %(n)s invitations", n=4))

    def then_each_of_the_four_gets_one_mail(self) -> None:
        assert Invitation.objects.of(self.sandefjord).count() == 4
        assert worker.mails() == []  # nothing leaves in the request; the worker does it
        assert worker.work() == 1
        assert sorted(mail["To"].addresses[0].addr_spec for mail in worker.mails()) == [
            *("anita@hef.example", "imam@moske.example", "per@politi.example", "prest@sokn.example"),
        ]
        assert worker.work() == 0
        assert len(worker.mails()) == 4

    # --- Answer ---------------------------------------------------------------------------------------------------
    def opens_the_mail(self, address: str, button: str, language: str = "nb") -> Visitor:
        """At 360 px, without JavaScript, by the mail's own link. Looking alone answers nothing."""
        [mail] = worker.mails(to=address)
        invitee = self.meet(language=language, phone=True, script=False)
        before = Answer.objects.of(self.sandefjord).count()
        invitee.go(worker.links(mail)[invitee.say(button)]).reads(TITLE, "Trygghet i sentrum")
        assert Answer.objects.of(self.sandefjord).count() == before
        return invitee

    def when_the_imam_says_yes(self) -> Visitor:
        imam = self.opens_the_mail("imam@moske.example", "Yes")
        imam.reads("Sentrum, Sandefjord").never_reads("Møterom 3", "Rådhusgata 1")
        assert imam.field("Yes, I will come").is_checked()
        imam.press("Send answer").reads(imam.say("Your answer: %(reply)s", reply=imam.say("yes")))
        return imam

    def then_he_sees_what_was_promised_and_nobody_else(self, imam: Visitor) -> None:
        imam.reads("Møterom 3", "Rådhusgata 1", "Sandefjord rådhus")
        imam.never_reads(*NAMES[1:3], *(name.split()[0] for name in NAMES[1:3]), "Islamsk senter")
        reply = imam.context.request.get(f"{imam.page.url}event.ics")
        [entry] = icalendar.Calendar.from_ical(reply.body()).events
        assert "Møterom 3" in entry["LOCATION"]
        assert worker.work() == 1
        assert len(worker.mails(to="imam@moske.example")) == 2  # the invitation and a receipt

    def when_the_priest_says_no_and_changes_it(self) -> None:
        priest = self.opens_the_mail("prest@sokn.example", "No", language="en")
        priest.press("Send answer").reads("Your answer: no").never_reads("Møterom 3", *NAMES[:1])
        priest.tick("Yes, I will come").fill("Comment", "Kommer litt over fem.").press("Send answer")
        priest.reads("Your answer: yes", "Møterom 3")

    def when_the_police_say_maybe(self) -> None:
        officer = self.opens_the_mail("per@politi.example", "Maybe")
        officer.press("Send answer").never_reads("Møterom 3")

    # --- See ------------------------------------------------------------------------------------------------------
    def then_kari_sees_who_comes_and_whom_to_call(self, kari: Visitor) -> None:
        worker.work()
        kari.go(self.path("invitations/"))
        counts = kari.row(
            "faith and life-stance community", within=kari.table("Answers by type of organisation")
        )
        assert counts.get_by_role("cell").all_inner_texts() == [
            "3",
            "3",
            "2",
            "2",
            "2",
            "2",
            "0",
            "0",
            "0",  # on the waiting list
            "1",
            "1",
        ]
        assert kari.row(NAMES[2]).inner_text().count("+47 900 00 003") == 1
        kari.reads("Kommer litt over fem.")
        table = kari.download("Download as a spreadsheet (CSV)").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(table), delimiter=";"))
        assert sorted(row[0] for row in rows[1:]) == sorted(NAMES)

    def then_feeds_carry_it(self, kari: Visitor) -> None:
        public = kari.context.request.get("/calendar/public/sandefjord.ics").body()
        [listed] = icalendar.Calendar.from_ical(public).events
        assert (listed["SUMMARY"], listed["LOCATION"]) == (TITLE, "Sandefjord")
        kari.go("/t/sandefjord/calendar/").fill("Name of the feed", "Telefonen").press("Make a feed")
        secret = kari.field("Secret address").input_value()
        [mine] = icalendar.Calendar.from_ical(kari.context.request.get(secret).body()).events
        assert mine["UID"] == listed["UID"]
        assert mine["DTSTART"].dt == self.event.starts_at
        assert "Møterom 3" in mine["LOCATION"]

    # --- Minutes --------------------------------------------------------------------------------------------------
    def when_it_was_held(self, kari: Visitor) -> None:
        kari.go(self.path()).follow("Mark as held").press("Mark as held")
        assert self.event.state == Event.State.HELD

    def when_mina_writes_the_minutes(self, mina: Visitor) -> None:
        mina.go(self.path()).follow("Minutes", within=mina.main).press("Write minutes")
        for name, status in zip(NAMES, ("present", "present", "absent", "absent"), strict=True):
            assert mina.field(status, mina.group(name)).is_checked(), (name, status)
        mina.tick("present", within=mina.group(NAMES[3]))
        walkin = mina.group("Walk-in", 1)
        mina.fill("Name", "Solveig Nilsen", within=walkin).fill("Organisation", "Natteravnene", within=walkin)
        mina.page.get_by_label(mina.say("Notes")).nth(1).fill("Politiet fortalte om **kveldene** i sentrum.")
        mina.fill("Decision", DECISION, within=mina.group("Decision", 1))
        action = mina.group("Action point", 1)
        mina.fill("What is to be done", ACTION, within=action).fill("Who", "Kari Koordinator", within=action)
        mina.fill("By when", (self.day + dt.timedelta(days=30)).isoformat(), within=action)
        update = mina.group("Measure update", 1)
        mina.choose("New status", "under way", within=update)
        mina.fill("What was done", "Første møte i forumet er holdt.", within=update)
        mina.press("Save and read").reads(DECISION, ACTION, "Solveig Nilsen", "kveldene")
        mina.press("Submit for approval").reads("The minutes are waiting for approval.")

    def when_kari_approves(self, kari: Visitor) -> None:
        kari.go("/t/sandefjord/").follow(TITLE, within=kari.page.locator("[aria-labelledby=panel-minutes]"))
        kari.follow("Approve or send back").reads(DECISION).press("Approve the minutes")
        version = MinutesVersion.objects.of(self.sandefjord).get()
        assert (version.number, len(version.sha256)) == (1, 64)
        kari.reads("The minutes are approved.", version.sha256)
        address = kari.link("PDF").get_attribute("href") or ""
        pdf = kari.context.request.get(address).body()
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
        assert DECISION in text
        assert "Solveig Nilsen" in text

    # --- Proof ----------------------------------------------------------------------------------------------------
    def then_the_plan_shows_what_moved(self, kari: Visitor) -> None:
        kari.follow("Plan").follow("Handlingsplan")
        row = kari.row(MEASURE).inner_text()
        assert kari.say("under way") in row.lower()
        assert TITLE in row
        kari.follow(f"3. {MEASURE}")
        kari.reads(TITLE, DECISION, ACTION, "Første møte i forumet er holdt.")
        kari.reads("Vedtak", "Oppfølgingspunkt", kari.say("Minutes, version %(number)s", number=1))

    def then_the_audit_trail_tells_it_without_names(self) -> None:
        told = AuditEntry.objects.of(self.sandefjord).order_by("pk")
        actions = list(dict.fromkeys(told.values_list("action", flat=True)))
        assert [each for each in actions if each.startswith("event.")] == [
            *("event.created", "event.changed", "event.published", "event.invited", "event.held"),
        ]
        facts = " ".join(str(entry.facts) for entry in told)
        assert [name for name in NAMES if name in facts] == []


def test_from_an_idea_to_proof(story):
    kari = story.signed_in("kari")
    story.when_kari_writes_the_meeting_without_a_place(kari)
    story.then_it_cannot_be_published_until_it_has_a_place(kari)
    story.when_kari_invites_congregations_and_police(kari)
    story.then_each_of_the_four_gets_one_mail()
    imam = story.when_the_imam_says_yes()
    story.then_he_sees_what_was_promised_and_nobody_else(imam)
    story.when_the_priest_says_no_and_changes_it()
    story.when_the_police_say_maybe()
    story.then_kari_sees_who_comes_and_whom_to_call(kari)
    story.then_feeds_carry_it(kari)
    evening = dt.datetime.combine(story.day, dt.time(20), ZoneInfo("Europe/Oslo"))
    with time_machine.travel(evening, tick=True):  # two weeks on; everybody has to sign in anew
        kari = story.signed_in("kari")
        story.when_it_was_held(kari)
        story.when_mina_writes_the_minutes(story.signed_in("mina"))
        story.when_kari_approves(kari)
        story.then_the_plan_shows_what_moved(kari)
        story.then_the_audit_trail_tells_it_without_names()
    left = OutgoingMail.objects.of(story.sandefjord).exclude(state="accepted")
    assert [(mail.kind, mail.state) for mail in left] == [
        ("receipt", "superseded")
    ]  # of the priest's first answer
