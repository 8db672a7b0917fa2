"""Production refuses to start when it would be unsafe, and says why in one clear line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GOOD = {
    "SECRET_KEY": "k7#Qm2!vX9$Lr4&Tz8*Wb1^Nd6(Yc3)Hf5-Jg0_Ps+Ua=Ei%Oo",
    "BASE_URL": "https://moteplass.kommune.example",
    "ALLOWED_HOSTS": "moteplass.kommune.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
}


TELL_HOSTS = "from django.conf import settings; print(settings.DEBUG, settings.ALLOWED_HOSTS)"
TELL_COOKIES = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, end=" ")
print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE)
print(s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.CSRF_TRUSTED_ORIGINS)
"""


def start(program: str = TELL_HOSTS, **changes: str) -> subprocess.CompletedProcess[str]:
    """Loads the settings in a process of its own, with nothing inherited but the way to Python."""
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )


def test_production_starts_with_a_good_environment():
    done = start()
    assert (done.returncode, done.stdout.strip()) == (0, "False ['moteplass.kommune.example']"), done.stderr


def test_production_keeps_cookies_and_addresses_to_https():
    assert start(TELL_COOKIES).stdout.split("\n")[:2] == [
        "__Host-session __Host-csrf True True True",
        "True 31536000 ['https://moteplass.kommune.example']",
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak: set 50 or more random characters."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak: set 50 or more random characters."),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or weak: set 50 or more random characters."),
        (
            {"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]},
            "SECRET_KEY is missing or weak: set 50 or more random characters.",
        ),
        ({"DEBUG": "1"}, "DEBUG is on: production refuses to start with it."),
        ({"DEBUG": "perhaps"}, "DEBUG must be 0 or 1, not 'perhaps'."),
        (
            {"ALLOWED_HOSTS": ""},
            "ALLOWED_HOSTS is missing or holds '*': name the hosts this service answers.",
        ),
        (
            {"ALLOWED_HOSTS": "moteplass.kommune.example,*"},
            "ALLOWED_HOSTS is missing or holds '*': name the hosts this service answers.",
        ),
        (
            {"BASE_URL": ""},
            "BASE_URL is missing: set the public address, such as https://moteplass.kommune.no.",
        ),
        (
            {"BASE_URL": "http://moteplass.kommune.example"},
            "BASE_URL must begin with https:// in production.",
        ),
        (
            {"TRUSTED_PROXY_COUNT": "two"},
            "TRUSTED_PROXY_COUNT must be a whole number: how many proxies stand in front.",
        ),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with postgres:// or sqlite:///."),
        ({"MAIL_TRANSPORT": "pigeon"}, "MAIL_TRANSPORT must be file, smtp or sendgrid."),
        (
            {"MAIL_TRANSPORT": "smtp"},
            "MAIL_TRANSPORT=smtp needs SMTP_URL, such as smtp+starttls://user:password@host:587.",
        ),
        ({"MAIL_TRANSPORT": "sendgrid"}, "MAIL_TRANSPORT=sendgrid needs SENDGRID_API_KEY."),
    ],
)
def test_production_refuses_to_start_and_says_why(changes, line):
    done = start(**changes)
    last = done.stderr.strip().splitlines()[-1] if done.stderr else ""
    assert (done.returncode, last) == (1, f"django.core.exceptions.ImproperlyConfigured: {line}")


def test_a_secret_can_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text(GOOD["SECRET_KEY"] + "\n")
    assert start(SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key")).returncode == 0
