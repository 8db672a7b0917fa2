"""The provider's signed event webhook: only what it signed lately is heard, and nothing it says breaks us."""

import json
import time
import uuid

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from invites.post import sendgrid_events
from invites.post.models import OutgoingMail
from invites.post.provider_models import DeliveryEvent
from tests.post.kit import STATE, queue
from tests.post.provider import ADDRESS, Signer, event


@pytest.fixture
def signer(settings):
    signer = Signer()
    settings.SENDGRID_EVENT_PUBLIC_KEY = signer.public()
    return signer


@pytest.fixture
def mail(sandefjord, wakes):
    mail = queue(sandefjord)[0]
    OutgoingMail.objects.of(sandefjord).update(state=STATE.UNKNOWN)
    return mail


def fate(mail):
    mail.refresh_from_db()
    return mail.state, mail.delivery, mail.delivery_detail


def test_a_signed_event_settles_the_mail(mail, signer, client):
    said = event(mail.delivery_id, "bounce", type="bounce", status="5.1.1", reason="550 5.1.1 no such user")
    assert signer.post(client, [said]) == 204
    assert fate(mail) == ("accepted", "bounced", "550 5.1.1 no such user")
    (kept,) = DeliveryEvent.objects.all()
    assert (kept.event_id, kept.source, kept.mail) == (f"sg-{said['sg_event_id']}", "sendgrid", mail)
    assert kept.at.timestamp() == said["timestamp"]


@pytest.mark.parametrize(
    ("name", "facts", "what"),
    [
        ("processed", {}, "processed"),
        ("deferred", {"response": "451 later"}, "deferred"),
        ("delivered", {"response": "250 OK"}, "delivered"),
        ("bounce", {"type": "bounce"}, "bounced"),
        ("bounce", {"type": "blocked"}, "blocked"),
        ("bounce", {}, "bounced"),
        ("dropped", {"reason": "Invalid"}, "dropped"),
        ("spamreport", {}, "complained"),
    ],
)
def test_each_event_of_sendgrid_is_known(mail, signer, client, name, facts, what):
    signer.post(client, [event(mail.delivery_id, name, **facts)])
    assert fate(mail)[1] == what


def test_the_key_may_be_pem(mail, settings, client):
    signer = Signer()
    settings.SENDGRID_EVENT_PUBLIC_KEY = signer.public(serialization.Encoding.PEM)
    assert signer.post(client, [event(mail.delivery_id, "delivered")]) == 204


def test_an_event_told_twice_counts_once(mail, signer, client):
    said = event(mail.delivery_id, "delivered")
    assert [signer.post(client, [said, said]), signer.post(client, [said])] == [204, 204]
    assert DeliveryEvent.objects.count() == 1


def test_no_cookie_is_needed_or_set(mail, signer, client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert signer.post(strict, [event(mail.delivery_id, "delivered")]) == 204
    assert not strict.cookies


def test_without_a_key_there_is_no_hook(settings, client):
    settings.SENDGRID_EVENT_PUBLIC_KEY = ""
    assert Signer().post(client, []) == 404


def pem(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


OTHER_KEYS = [
    pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    pem(ec.generate_private_key(ec.SECP384R1())),
]


@pytest.mark.parametrize(
    "key", ["no key", "AAAA", "-----BEGIN PUBLIC KEY-----\nx", *OTHER_KEYS], ids=range(5)
)
def test_an_unusable_key_asks_the_provider_to_come_back(settings, client, key, caplog):
    settings.SENDGRID_EVENT_PUBLIC_KEY = key
    assert Signer().post(client, []) == 503
    assert "SENDGRID_EVENT_PUBLIC_KEY" in caplog.text


@pytest.mark.parametrize("seconds", [-601, -86_400, 601, 10**9])
def test_what_was_signed_too_long_ago_is_refused(mail, signer, client, seconds):
    assert signer.post(client, [event(mail.delivery_id, "delivered")], time.time() + seconds) == 403
    assert fate(mail)[0] == "unknown"


@pytest.mark.parametrize("seconds", [-590, 590])
def test_clocks_may_differ_a_little(mail, signer, client, seconds):
    assert signer.post(client, [], time.time() + seconds) == 204


@pytest.mark.parametrize("broken", ["body", "timestamp", "signature", "other key", "none", "odd", "odd time"])
def test_what_the_provider_did_not_sign_is_refused(mail, signer, client, broken):
    body = json.dumps([event(mail.delivery_id, "delivered")]).encode()
    headers = (Signer() if broken == "other key" else signer).headers(body)
    signature, timestamp = headers
    changes = {
        "timestamp": {**headers, timestamp: str(int(headers[timestamp]) + 1)},
        "signature": {**headers, signature: headers[signature][:-8] + "AAAAAAA="},
        "none": {},
        "odd": {**headers, signature: "æ\u2028=="},
        "odd time": {**headers, timestamp: "٣٣٣"},
    }
    sent = body + b" " if broken == "body" else body
    answer = client.post(ADDRESS, sent, content_type="application/json", headers=changes.get(broken, headers))
    assert answer.status_code == 403
    assert (fate(mail)[0], DeliveryEvent.objects.count()) == ("unknown", 0)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 200_000, b"[" + b"9" * 5000 + b"]"])
def test_a_signed_body_that_is_no_json_is_a_bad_request(signer, client, db, body):
    assert signer.post(client, body) == 400


@pytest.mark.parametrize(
    "said", [[], {}, "x", None, 7, [None, 1, "x", [], {}], [{"event": ["x"]}], {"event": "open"}]
)
def test_what_we_do_not_follow_is_taken_and_left(signer, client, db, said):
    assert signer.post(client, json.dumps(said).encode()) == 204
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"delivery_id": "not a uuid"},
        {"delivery_id": None},
        {"delivery_id": ["x"]},
        {"sg_event_id": ""},
        {"sg_event_id": None},
        {"sg_event_id": "x" * 200},
        {"event": "unheard-of"},
    ],
)
def test_an_event_that_is_not_ours_changes_nothing(mail, signer, client, facts):
    assert signer.post(client, [{**event(mail.delivery_id, "delivered"), **facts}]) == 204
    assert (fate(mail)[0], DeliveryEvent.objects.count()) == ("unknown", 0)


@pytest.mark.parametrize(
    "facts",
    [
        {"timestamp": None},
        {"timestamp": "x"},
        {"timestamp": 10**30},
        {"timestamp": -1},
        {"timestamp": 4_000_000_000},
        {"timestamp": 1e400},
        {"reason": "\x00\ud800\r\nBcc: x"},
        {"reason": "x" * 5000},
        {"reason": {"a": 1}},
        {"sg_event_id": "a\x00b"},
    ],
)
def test_odd_facts_do_no_harm(mail, signer, client, facts):
    assert signer.post(client, [event(mail.delivery_id, "delivered", **facts)]) == 204
    assert fate(mail)[:2] == ("accepted", "delivered")
    kept = DeliveryEvent.objects.get()
    assert 2000 < kept.at.year < 2100
    assert not set(kept.detail + kept.event_id) & set("\x00\r\n")


def test_an_unknown_delivery_is_kept_unattached(signer, client, mail):
    stranger = uuid.uuid4()
    assert signer.post(client, [event(stranger, "bounce")]) == 204
    assert DeliveryEvent.objects.get().mail is None
    assert fate(mail)[0] == "unknown"


def test_a_body_that_is_too_large_is_refused(signer, client, db, settings):
    assert signer.post(client, b" " * (5 * 1024 * 1024 + 1)) == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert signer.post(client, b" " * 2000) == 413


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["event", "delivery_id", "sg_event_id", "timestamp", "x"]), inner, max_size=5
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_that_is_signed_breaks_the_hook(signer, client, db, said):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    assert signer.post(client, body) in (204, 400)


def test_a_batch_costs_as_many_reads_for_a_hundred_mails_as_for_one(
    sandefjord, wakes, signer, client, django_assert_max_num_queries
):
    mails = queue(sandefjord, 100)
    OutgoingMail.objects.of(sandefjord).update(state=STATE.ACCEPTED)
    events = [event(mail.delivery_id, "delivered") for mail in mails]
    with django_assert_max_num_queries(len(mails) + 16):  # one UPDATE a mail
        signer.post(client, events)


def test_a_signature_is_checked_over_bytes():
    signer = Signer()
    body = b"\xff not UTF-8"
    signature, timestamp = signer.headers(body).values()
    key = sendgrid_events.public_key(signer.public())
    assert sendgrid_events.is_genuine(key, body, signature=signature, timestamp=timestamp)
    assert not sendgrid_events.is_genuine(key, body + b"\n", signature=signature, timestamp=timestamp)
