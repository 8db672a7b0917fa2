"""The worker's part, played in the test's own process: it takes the jobs that wait, runs them, and sweeps."""

import email.parser
import email.policy
import re
from email.message import EmailMessage
from html import unescape
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from invites.post import outbox


def work() -> int:
    """Runs each queued job once, then the sweeper; returns how many jobs there were."""
    jobs = list(OrmQ.objects.order_by("pk"))
    for job in jobs:
        task = job.task
        import_string(task["func"])(*task["args"])
        job.delete()
    outbox.sweep()
    return len(jobs)


def mails(*, to: str = "") -> list[EmailMessage]:
    """The mails written so far, oldest first; those to one address when it is given."""
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"))
    read = email.parser.BytesParser(EmailMessage, policy=email.policy.default)
    found = [read.parsebytes(file.read_bytes()) for file in files]
    return [mail for mail in found if to in str(mail["To"])]


def links(mail: EmailMessage) -> dict[str, str]:
    """The links a reader of the mail can press, by their words."""
    body = mail.get_body(("html",))
    assert body is not None, "the mail has no HTML part"
    found = re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', body.get_content(), re.DOTALL)
    return {re.sub(r"<[^>]+>|\s+", " ", words).strip(): unescape(address) for address, words in found}
