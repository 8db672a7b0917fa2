"""Real servers on this machine: mail servers by aiosmtpd, and a stand-in that plays the mail provider's part."""

import datetime as dt
import json
import ssl
import threading
import time
from asyncio import Server
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def self_made_certificate(folder):
    """(certificate file, key file) for 127.0.0.1 and localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "server.pem", folder / "server.key"
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert_file, key_file


class Postmaster:
    """What an aiosmtpd server does with mail: keeps it, unless `says` has a reply for the step ("RCPT", "DATA")."""

    def __init__(self):
        self.mails = []  # (from, to, bytes)
        self.says = {}
        self.sessions = set()
        self.hang_up_after = None  # "RCPT", "DATA": the connection is cut instead of answered

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.sessions.add(session)
        if self.hang_up_after == "RCPT":
            self.hang_up_after = None
            server.transport.abort()
        replies = self.says.get("RCPT", [])
        if replies:
            return replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        replies = self.says.get("DATA", [])
        if replies:
            return replies.pop(0)
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if self.hang_up_after == "DATA":
            server.transport.abort()
        return "250 OK queued as 42"


@contextmanager
def mail_server(postmaster, *, starttls=None, tls=None, password=None):
    """A mail server in a thread; yields its port. `starttls` and `tls` are (certificate, key) files."""

    def context(files):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*files)
        return made

    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"kari", password.encode()), handled=False)

    options: dict = {}
    if starttls:
        options |= {"tls_context": context(starttls), "require_starttls": True}
    if password:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}

    class AnyPort(Controller):
        def factory(self):
            return SMTP(self.handler, hostname="mail.example", **options)

        def _trigger_server(self):  # the controller says hello to its own port, which port 0 does not know
            assert isinstance(self.server, Server)
            self.port = self.server.sockets[0].getsockname()[1]
            if not tls:
                super()._trigger_server()
            else:
                self.ssl_context, kept = None, self.ssl_context
                super()._trigger_server()
                self.ssl_context = kept

    controller = AnyPort(
        postmaster, hostname="127.0.0.1", port=0, ssl_context=context(tls) if tls else None, ready_timeout=10
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


class Provider(ThreadingHTTPServer):
    """Plays SendGrid: answers 202 unless the script says otherwise, and keeps what it was sent.

    A step is a status, (status, headers, body), "hang" (no answer) or "drop" (takes the mail, then hangs up).
    """

    daemon_threads = True

    def __init__(self, *script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = deque(script)
        self.requests = []  # (path, headers, JSON)
        self.begun, self.answered = [], []  # moments; moments with the status
        self.connections = 0
        self.released = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.released.set()
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Provider

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_POST(self):
        self.server.begun.append(time.monotonic())
        body = self.rfile.read(int(self.headers["Content-Length"]))
        step = self.server.script.popleft() if self.server.script else 202
        self.server.requests.append((self.path, dict(self.headers), json.loads(body)))
        if step == "hang":
            self.server.released.wait(20)
            self.close_connection = True
            return
        if step == "drop":
            self.close_connection = True
            return
        status, headers, answer = step if isinstance(step, tuple) else (step, {}, b"")
        self.server.answered.append((time.monotonic(), status))
        self.send_response(status)
        for name, value in {"X-Message-Id": f"sg-{len(self.server.requests)}", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args):
        """Silent."""


def wait_for(condition, seconds=5):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()
