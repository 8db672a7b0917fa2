"""Whose word counts (ADR 0023): the invitee's; of others only what their own domain vouches for; the rest asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.directory.merging.models import Merger, Subject
from invites.answers.models import Answer
from invites.replies import keeping
from invites.replies.said import Authentication, Verdict
from invites.replies.whose import PUBLIC, Word, plain, whose
from tests.replies import kit

OLA, KARI = "ola@forening.example", "kari@forening.example"
PASSED = Authentication(Verdict.PASSED, Verdict.PASSED, ("forening.example",))
SIGNED = {"dkim": "{@forening.example : pass}", "SPF": "pass"}
FAILED = {"dkim": "{@forening.example : fail}", "SPF": "fail"}
SENT_BY_KARI = f';SENT-BY="mailto:{KARI}"'


def answers(invitation):
    return Answer.objects.of(invitation.tenant).count()


@pytest.mark.parametrize("sender", [OLA, "OLA@Forening.example", "ola+moteplass@forening.example"])
def test_the_invited_address_counts_however_it_is_written(ola, deliver, sender):
    assert deliver(kit.reply(ola, sender=f"Ola <{sender}>")).state == "applied"


@pytest.mark.parametrize("fields", [{}, SIGNED, {"dkim": "none", "SPF": "pass"}, {"SPF": "none"}])
def test_without_a_verdict_against_it_the_reply_address_is_the_proof(ola, deliver, fields):
    assert deliver(kit.reply(ola), **fields).state == "applied"


@pytest.mark.parametrize("fields", [FAILED, {"dkim": "none", "SPF": "fail"}, {"SPF": "softfail"}])
def test_the_right_address_that_the_provider_cannot_confirm_is_held(ola, deliver, fields):
    row = deliver(kit.reply(ola), **fields)
    assert (row.state, row.reason) == ("held", "the sender could not be confirmed")
    assert answers(ola) == 0


def test_a_forwarded_mail_whose_signature_held_counts(ola, deliver):
    assert deliver(kit.reply(ola), dkim=SIGNED["dkim"], SPF="fail").state == "applied"


def test_a_stranger_who_got_the_mail_never_answers_and_adds_nobody(ola, deliver):
    row = deliver(kit.reply(ola, sender="per@annet.example", attendee="per@annet.example"), **SIGNED)
    assert (row.state, row.reason, row.topic) == ("held", "from another address", "answer")
    known = keeping.said(row)
    assert known
    assert (known.sender, known.reply) == ("per@annet.example", "accepted")
    assert (answers(ola), ola.event.invitations.count()) == (0, 1)


def test_a_stranger_who_says_to_be_the_invitee_is_held(ola, deliver):
    assert deliver(kit.reply(ola, sender="per@annet.example"), **SIGNED).state == "held"


def test_a_secretary_of_the_same_domain_counts_when_the_domain_signed(ola, deliver):
    assert deliver(kit.reply(ola, sender=KARI, params=SENT_BY_KARI), **SIGNED).state == "applied"


@pytest.mark.parametrize(
    "fields",
    [{}, {"SPF": "pass"}, FAILED, {"dkim": "{@annet.example : pass}", "SPF": "pass"}],
    ids=["nothing", "no signature", "failed", "another domain's"],
)
def test_a_secretary_whose_domain_did_not_sign_is_held(ola, deliver, fields):
    assert deliver(kit.reply(ola, sender=KARI, params=SENT_BY_KARI), **fields).state == "held"


def test_a_colleague_who_answers_for_themself_is_held(ola, deliver):
    assert deliver(kit.reply(ola, sender=KARI, attendee=KARI), **SIGNED).state == "held"


def test_a_colleague_who_writes_yes_is_held(ola, deliver):
    assert deliver(kit.text(ola, "Ja\r\n", sender=KARI), **SIGNED).state == "held"


def test_an_address_of_a_contact_that_was_merged_into_this_one_is_known(ola, deliver):
    Merger.objects.create(
        tenant=ola.tenant,
        subject=Subject.CONTACT,
        kept_id=ola.contact_id,
        gone_id=99,
        name="Ola N.",
        facts={"email": "ola@privat.example"},
    )
    row = deliver(kit.reply(ola, sender="ola@privat.example", attendee="ola@privat.example"))
    assert row.state == "applied"


@pytest.mark.parametrize("domain", sorted(PUBLIC))
def test_who_shares_a_public_domain_is_a_stranger(domain):
    auth = Authentication(Verdict.PASSED, Verdict.PASSED, (domain,))
    someone = {"invited": [f"ola@{domain}"], "sender": f"kari@{domain}", "attendee": f"ola@{domain}"}
    assert whose(auth=auth, **someone) is Word.STRANGER


def test_a_signature_of_the_domain_above_is_not_the_domains_own():
    """Above may be a whole country, or a host of thousands."""
    people = {"invited": ["ola@forening.no"], "sender": "kari@forening.no", "attendee": "ola@forening.no"}
    for signer, word in (("no", Word.STRANGER), ("mail.forening.no", Word.SECRETARY)):
        auth = Authentication(Verdict.PASSED, Verdict.UNKNOWN, (signer,))
        assert whose(auth=auth, **people) is word


def test_sent_by_only_ever_takes_away():
    own = {"invited": [OLA], "attendee": OLA, "auth": PASSED}
    assert whose(sender=OLA, sent_by="per@annet.example", **own) is Word.STRANGER
    assert whose(sender="per@annet.example", sent_by=OLA, **own) is Word.STRANGER


def test_nobody_speaks_for_an_invitee_without_an_address():
    assert whose(invited=[""], sender="", auth=PASSED) is Word.STRANGER
    assert whose(invited=[""], sender=OLA, auth=PASSED) is Word.STRANGER


people = st.sampled_from([OLA, KARI, "per@annet.example", "ola+x@forening.example", ""])
verdicts = st.sampled_from(list(Verdict))
signers = st.lists(st.sampled_from(["forening.example", "annet.example", "example"]), max_size=2).map(tuple)


@given(sender=people, attendee=people, sent_by=people, dkim=verdicts, spf=verdicts, signed_by=signers)
def test_no_word_counts_that_is_neither_own_nor_signed(sender, attendee, sent_by, dkim, spf, signed_by):
    """Whatever is claimed: somebody else's word counts for Ola only with a signature of Ola's own domain."""
    auth = Authentication(dkim, spf, signed_by)
    word = whose(invited=[OLA], sender=sender, attendee=attendee, sent_by=sent_by, auth=auth)
    speakers = {plain(one) for one in (sender, attendee, sent_by) if one}
    if word is Word.OWN:
        assert speakers == {OLA}
    elif word is Word.SECRETARY:
        assert dkim is Verdict.PASSED
        assert "forening.example" in signed_by
        assert speakers == {OLA, KARI}
