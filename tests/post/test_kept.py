"""Answers as servers write them: read by ourselves when they are plain and whole, by http.client otherwise."""

import http.client
import socket
import threading
import time
from contextlib import closing, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.post.transports import kept
from invites.post.transports.kept import KeptConnection

OK = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: a1\r\nContent-Length: 2\r\n\r\nhi"


@contextmanager
def server(*answers):
    """Answers each request with the pieces given, as they are; yields its address and the list of connections."""
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            waiting = list(answers)
            while waiting:
                try:
                    caller, _address = listening.accept()
                except OSError:
                    return
                connections.append(caller)
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while waiting and caller.recv(65536):
                    pieces = waiting.pop(0)
                    for piece in pieces:
                        caller.sendall(piece)
                        time.sleep(0.03 if len(pieces) > 1 else 0)
                    if not pieces or b"close" in pieces[0]:
                        break
                else:
                    continue
                caller.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", connections
        for caller in connections:
            caller.close()
    thread.join(0.1)


def posted(*answers):
    """What comes back for one request after another on one connection, and how many connections that took."""
    with server(*answers) as (url, connections):
        with closing(KeptConnection(url, connect_seconds=5, answer_seconds=5)) as connection:
            head = connection.head("/", {})
            found = [connection.post(head, b"x") for _answer in answers]
        return found, len(connections)


@pytest.mark.parametrize(
    ("pieces", "connections"),
    [
        ([OK], 1),
        ([OK[:20], OK[20:]], 1),
        ([OK[:-1], OK[-1:]], 1),
        ([OK[:-2], OK[-2:]], 1),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", OK], 1),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" + OK], 1),
        ([OK.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")[:-2] + b"2\r\nhi\r\n0\r\n\r\n"], 1),
        ([OK.replace(b"Content-Length: 2", b"Connection: close")], 2),
        ([OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")], 2),
        ([OK.replace(b"Content-Length", b"content-length").replace(b" 2\r", b"2 \t\r")], 1),
        ([OK.replace(b" Accepted", b"")], 1),
    ],
)
def test_however_an_answer_comes_it_is_read_whole_and_the_next_one_too(pieces, connections):
    found, used = posted(pieces, pieces)
    assert [(answer.status, answer.headers["x-message-id"], answer.body) for answer in found] == [
        (202, "a1", b"hi")
    ] * 2
    assert used == connections


def test_a_plain_answer_needs_no_http_client(monkeypatch):
    monkeypatch.setattr(http.client, "HTTPResponse", None)
    found, _used = posted([OK])
    assert found[0].status == 202


@pytest.mark.parametrize("pieces", [[], [b"HTTP/1.1 2close"], [b"SSH-2.0-close\r\n\r\n"]])
def test_no_answer_is_no_answer(pieces):
    with pytest.raises(kept.BROKEN):
        posted(pieces)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"more",
        OK[:-1],
        OK.replace(b"Content-Length: 2\r\n", b""),
        OK.replace(b"Content-Length: 2", b"Content-Length: 2\r\nContent-Length: 3"),
        OK.replace(b"Content-Length: 2", b"Content-Length: 2\r\nTransfer-Encoding: chunked"),
        OK.replace(b"Content-Length: 2", b"Content-Length: 2\r\nConnection: Close"),
        OK.replace(b"HTTP/1.1", b"HTTP/1.0"),
        OK.replace(b"202", b"102"),
        OK.replace(b"X-Message-Id: a1", b"X-Folded: a\r\n b"),
        OK.replace(b"\r\n", b"\n"),
        b"",
    ],
)
def test_what_is_not_plain_is_left_to_http_client(answer):
    assert kept._plain(answer) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=30))
def test_octets_of_any_kind_raise_nothing(head, body):
    for data in (head, OK[:20] + head, OK.replace(b"a1", head), OK + body):
        answer = kept._plain(data)
        assert answer is None or answer.body == data[-len(answer.body) :] or not answer.body
