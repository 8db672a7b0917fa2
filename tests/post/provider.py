"""Plays the provider's event webhook: makes events, signs bodies, posts them. For the suite and for `tools/chaos`."""

import base64
import json
import random
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

from invites.post.models import OutgoingMail

ADDRESS = "/hooks/sendgrid/events/"
# What SendGrid may tell of one delivery, each a list of (event, further facts).
LIVES: tuple[list[tuple[str, dict[str, str]]], ...] = (
    [("processed", {})],
    [("processed", {}), ("delivered", {"response": "250 OK"})],
    [("processed", {}), ("deferred", {"response": "451 busy"}), ("delivered", {})],
    [("processed", {}), ("deferred", {}), ("deferred", {"response": "452 still busy"})],
    [
        ("processed", {}),
        ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}),
    ],
    [("processed", {}), ("bounce", {"type": "blocked", "reason": "554 blocked"})],
    [("dropped", {"reason": "Bounced Address"})],
    [("processed", {}), ("delivered", {}), ("spamreport", {})],
    [("processed", {}), ("delivered", {}), ("bounce", {"type": "bounce", "reason": "returned afterwards"})],
    [("processed", {}), ("delivered", {}), ("open", {}), ("click", {})],
    [],
)


class Signer:
    """A key pair of its own; `public` is what stands in SENDGRID_EVENT_PUBLIC_KEY."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def public(self, encoding: serialization.Encoding = serialization.Encoding.DER) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        octets = self.key.public_key().public_bytes(encoding, form)
        return (
            octets.decode() if encoding is serialization.Encoding.PEM else base64.b64encode(octets).decode()
        )

    def headers(self, body: bytes, at: float | None = None) -> dict[str, str]:
        moment = str(int(time.time() if at is None else at))
        signature = self.key.sign(moment.encode() + body, ec.ECDSA(SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": moment,
        }

    def post(self, client: Client, events: Any, at: float | None = None) -> int:
        """The status that our hook answers; `events` are a list, or bytes as they are."""
        body = events if isinstance(events, bytes) else json.dumps(events).encode()
        return client.post(
            ADDRESS, body, content_type="application/json", headers=self.headers(body, at)
        ).status_code


def event(delivery_id: uuid.UUID | str, name: str, **facts: Any) -> dict[str, Any]:
    return {
        "event": name,
        "email": "ola@forening.example",
        "timestamp": 1_790_000_000,
        "sg_event_id": uuid.uuid4().hex,
        "sg_message_id": "x.y",
        "delivery_id": str(delivery_id),
        **facts,
    }


def told_of(delivery_ids: Iterable[uuid.UUID], dice: random.Random) -> list[dict[str, Any]]:
    """All that the provider tells of these deliveries, in the order in which it happened."""
    events = []
    for delivery_id in delivery_ids:
        life = dice.choice(LIVES)
        events += [
            event(
                delivery_id,
                name,
                timestamp=1_790_000_000 + 60 * minute,
                sg_event_id=f"{delivery_id}-{minute}",
                **facts,
            )
            for minute, (name, facts) in enumerate(life)
        ]
    return events


def shuffled(events: Sequence[dict[str, Any]], dice: random.Random) -> list[dict[str, Any]]:
    """Duplicated (a third of them) and in disorder."""
    again = [*events, *dice.sample(list(events), len(events) // 3)]
    dice.shuffle(again)
    return again


def final_state(tenant_id: int) -> list[tuple[Any, ...]]:
    """Everything about a tenant's mails that events decide."""
    columns = ("delivery_id", "state", "delivery", "delivery_at", "delivery_detail", "problem")
    return list(OutgoingMail.objects.of(tenant_id).order_by("delivery_id").values_list(*columns))


def replay(client: Client, signer: Signer, events: Sequence[Any], *, batch: int, dice: random.Random) -> None:
    """Posts the events in batches of up to `batch`, and asks that each be answered with success."""
    left = list(events)
    while left:
        size = dice.randint(1, batch)
        some, left = left[:size], left[size:]
        status = signer.post(client, some)
        if status != 204:
            raise AssertionError(f"the hook answered {status}")
