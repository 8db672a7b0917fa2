"""Dispatch: from rows in the outbox to a provider on this machine, by the worker as installed; beside a bare loop.

The bare loop is one process that posts the same payloads over one kept-alive connection with Python's own http.client,
and does nothing else: no row, no commit, no composing. It is compared with the two workers of the default install
together. Two rows without a budget tell more: a loop with our own client, which leaves out most of http.client's work,
and the processor time of one worker beside the bare loop's, which says what other work on the machine does not blur.
"""

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from django.db import transaction
from django.test import override_settings
from django_q.tasks import async_task

from events.gatherings.models import Event
from events.tenancy.models import Tenant
from invites.invitations.models import Invitation
from invites.post import outbox
from invites.post.letters import Letter, composer_of
from invites.post.models import OutgoingMail
from invites.post.transports.kept import KeptConnection
from invites.post.transports.sendgrid import PATH, payload
from tools.bench import measure, people
from tools.bench.measure import Row
from tools.bench.stage import until

RECIPIENTS = 10_000
LOOP, RATE, PER_JOB = 0.60, 1_000.0, 200.0
LOOPS = {"loop": "http.client, kept alive", "client": "our own client"}
LONGEST = 120.0  # seconds a run may take
ROOT = Path(__file__).resolve().parent.parent.parent


def rows(runs: int = 3, recipients: int = RECIPIENTS) -> Iterator[Row]:
    with sink() as port:
        yield _cpu(port, runs, max(recipients // 5, 1))
        with worker(port):
            yield from _rates(port, runs, recipients)


def _cpu(port: int, runs: int, recipients: int) -> Row:
    """One worker's round in this process, before any other is there."""
    found = []
    for run in range(runs + 1):
        payloads = queued(f"bench-cpu-{run}", recipients)
        floor = measure.cpu_once(partial(loop_rate, port, payloads)) / recipients
        with patch("invites.post.outbox.async_task"), override_settings(**_provider(port)):
            enqueue()
            ours = measure.cpu_once(outbox.deliver) / recipients
        found.append((ours, floor))
    ours, floor = (median(each) for each in zip(*found[1:], strict=True))
    what = "a mail of one worker, the bare loop's beside it: its rate on one core to the loop's"
    return Row("dispatch.cpu", what, ours, floor, None, "µs CPU", floor / ours, None, True, runs)


def _rates(port: int, runs: int, recipients: int) -> Iterator[Row]:
    taken: list[tuple[float, float, float, int]] = []
    for run in range(runs + 1):
        payloads = queued(f"bench-dispatch-{run}", recipients)
        found = loop_rate(port, payloads), client_rate(port, payloads), *dispatch_rate(port, recipients)
        if run:  # the first one warms up
            taken.append(found)
    bare, client, ours, jobs = zip(*taken, strict=True)
    what = f"dispatch of {recipients}, 2 workers, SQLite, local sink"
    rate = median(ours)
    for name, floors, budget in (("loop", bare, LOOP), ("client", client, None)):
        ratio = median([mine / other for mine, other in zip(ours, floors, strict=True)])
        said = f"{what}, against a bare loop with {LOOPS[name]}" + (" (at least)" if budget else "")
        ok = budget is None or ratio >= budget
        yield Row(f"dispatch.{name}", said, rate, median(floors), None, "mails/s", ratio, budget, ok, runs)
    yield measure.at_least(
        "dispatch.rate", f"{what}, against 1,000 a second", rate, RATE, 1.0, unit="mails/s", runs=runs
    )
    share = recipients / median(jobs)
    said = f"{what}: recipients a job (at least)"
    yield Row("dispatch.jobs", said, share, None, None, "mails/job", share, PER_JOB, share >= PER_JOB, runs)


@contextmanager
def sink() -> Iterator[int]:
    """Yields its port. It ends with this process, whatever happens to it."""
    command = [sys.executable, "-m", "tools.bench.sink"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


@contextmanager
def worker(port: int) -> Iterator[None]:
    """`manage.py qcluster` as installed, on the bench's database."""
    environment = os.environ | _provider(port)
    command = [sys.executable, "manage.py", "qcluster"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _provider(port: int) -> dict[str, str]:
    return {
        "MAIL_TRANSPORT": "sendgrid",
        "SENDGRID_API_KEY": "SG.bench",
        "SENDGRID_BASE_URL": f"http://127.0.0.1:{port}",
    }


def queued(name: str, recipients: int) -> list[bytes]:
    """A meeting with invitees, and the payloads of their mails; nothing is queued yet."""
    tenant = people.tenant(name)
    (event,) = people.events(tenant, 1)
    people.invitations(event, recipients)
    mails = [_mail(invitation) for invitation in _invitations(event)]
    letters = composer_of("invitation")(mails)
    return [payload(letter) for letter in letters.values() if isinstance(letter, Letter)]


def _invitations(event: Event) -> list[Invitation]:
    return list(Invitation.objects.of(event.tenant).filter(event=event).select_related("contact"))


def _mail(invitation: Invitation) -> OutgoingMail:
    return OutgoingMail(
        pk=invitation.pk,
        tenant_id=invitation.tenant_id,
        kind="invitation",
        series="invitation",
        subject_id=invitation.pk,
        to_address=invitation.contact.email,
    )


HEADERS = {"Authorization": "Bearer SG.bench", "Content-Type": "application/json", "User-Agent": "bench"}


def loop_rate(port: int, payloads: list[bytes]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)

    def post(body: bytes) -> int:
        connection.request("POST", PATH, body, HEADERS)
        with connection.getresponse() as answer:
            answer.read()
            return answer.status

    with closing(connection):
        return _rate(post, payloads)


def client_rate(port: int, payloads: list[bytes]) -> float:
    connection = KeptConnection(f"http://127.0.0.1:{port}", connect_seconds=5, answer_seconds=5)
    head = connection.head(PATH, HEADERS)
    with closing(connection):
        return _rate(lambda body: connection.post(head, body).status, payloads)


def _rate(post: Callable[[bytes], int], payloads: list[bytes]) -> float:
    began = time.perf_counter()
    for body in payloads:
        if post(body) != 202:
            raise RuntimeError("the sink refused a mail")
    return len(payloads) / (time.perf_counter() - began)


def dispatch_rate(port: int, recipients: int) -> tuple[float, int]:
    """Mails a second from the commit that queues them to the last one taken, and how many jobs it needed."""
    before = told(port)
    with patch("invites.post.outbox.async_task", wraps=async_task) as asked:
        tenant = enqueue()
        began = time.time()
        until(lambda: told(port)["taken"] - before["taken"] >= recipients, LONGEST, "the dispatch")
    after = told(port)
    accepted = OutgoingMail.objects.of(tenant).filter(state=OutgoingMail.State.ACCEPTED)
    until(lambda: accepted.count() == recipients, 10, "the settling")
    if any(after[which] - before[which] != recipients for which in ("taken", "different")):
        raise RuntimeError("a mail went out twice, or not at all")
    return recipients / (after["last"] - began), asked.call_count


def enqueue() -> Tenant:
    """Queues the mails of the newest meeting, in one commit."""
    newest = Invitation.objects.across_tenants("the bench's own").order_by("-pk")[:1].get()
    items = [(each.pk, each.contact.email) for each in _invitations(newest.event)]
    with transaction.atomic():
        outbox.enqueue("invitation", tenant=newest.tenant, items=items)
    return newest.tenant


def told(port: int) -> dict[str, float]:
    """What the sink says: how many it has taken, how many different ones, and when the last came."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        said: dict[str, float] = json.loads(answer.read())
    return said
