"""Octavia Console's probe: asks an address over and over, from the host it runs on, by that host's clock.

Writes only to standard output, opens only connections to the address, and ends when standard input does.
Arguments: kind (http, tcp), address, port, request, interval and timeout in milliseconds, first sequence number.
Output: a greeting, then lists of [sequence, started, duration, status, body, error] in order, one JSON value a line.
Each line of input is answered with {"clock": milliseconds, "line": the line}.
Python 3.4 and later, standard library only.
"""
import collections
import errno
import json
import os
import re
import selectors
import socket
import sys
import time

MOST_IN_FLIGHT = 256
BATCH = 0.05
LONGEST_ANSWER = 65536
LONGEST_LINE = 80
OWN_TROUBLE = ("EMFILE", "ENFILE", "ENOBUFS", "EADDRNOTAVAIL")

KIND, ADDRESS, PORT, REQUEST, INTERVAL, TIMEOUT, FIRST = sys.argv[1:8]
PORT = int(PORT)
REQUEST = REQUEST.encode()
INTERVAL = float(INTERVAL) / 1000
TIMEOUT = float(TIMEOUT) / 1000
FIRST = int(FIRST)
FAMILY = socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET
ANCHOR = time.time() - time.monotonic()

selector = selectors.DefaultSelector()
attempts = collections.deque()
in_flight = 0


class Attempt(object):
    __slots__ = ("sequence", "at", "duration", "socket", "connected", "received", "outcome")

    def __init__(self, sequence, at):
        self.sequence = sequence
        self.at = at
        self.duration = 0.0
        self.socket = None
        self.connected = False
        self.received = b""
        self.outcome = None


def word_of(number):
    word = errno.errorcode.get(number, "failed")
    return "overrun" if word in OWN_TROUBLE else word


def start(sequence, at):
    global in_flight
    attempt = Attempt(sequence, at)
    attempts.append(attempt)
    try:
        attempt.socket = socket.socket(FAMILY, socket.SOCK_STREAM)
        attempt.socket.setblocking(False)
        number = attempt.socket.connect_ex((ADDRESS, PORT))
    except OSError as error:
        number = error.errno
    in_flight += 1
    if number in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
        selector.register(attempt.socket, selectors.EVENT_WRITE, attempt)
    else:
        finish(attempt, None, None, word_of(number))


def overrun(sequence, at):
    attempt = Attempt(sequence, at)
    attempt.outcome = (None, None, "overrun")
    attempts.append(attempt)


def finish(attempt, status, body, error):
    global in_flight
    in_flight -= 1
    attempt.duration = time.monotonic() - attempt.at
    attempt.outcome = (status, body, error)
    if attempt.socket is not None:
        try:
            selector.unregister(attempt.socket)
        except KeyError:
            pass
        attempt.socket.close()
        attempt.socket = None


def proceed(attempt):
    """Does what the connection is ready for."""
    try:
        if not attempt.connected:
            number = attempt.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if number:
                finish(attempt, None, None, word_of(number))
            elif KIND == "tcp":
                finish(attempt, None, None, None)
            else:
                attempt.connected = True
                attempt.socket.send(REQUEST)
                selector.modify(attempt.socket, selectors.EVENT_READ, attempt)
            return
        chunk = attempt.socket.recv(LONGEST_ANSWER)
    except (BlockingIOError, InterruptedError):
        return
    except OSError as error:
        finish(attempt, None, None, word_of(error.errno))
        return
    attempt.received += chunk
    whole = not chunk or len(attempt.received) >= LONGEST_ANSWER
    answer = read_answer(attempt.received, whole)
    if answer == "more":
        return
    if answer == "malformed":
        finish(attempt, None, None, "malformed" if attempt.received else "lost")
    else:
        finish(attempt, answer[0], answer[1], None)


def read_answer(text, whole):
    """Status and first line of the body; "more" while it is not all there, "malformed" when it is no HTTP."""
    if not b"HTTP/".startswith(text[:5]):
        return "malformed"
    end = re.search(b"\r?\n\r?\n", text)
    if not end:
        return "malformed" if whole else "more"
    head = text[: end.start()]
    status = re.match(br"HTTP/\d(?:\.\d)? (\d{3})", head)
    if not status:
        return "malformed"
    length = re.search(br"^content-length:\s*(\d+)", head, re.I | re.M)
    received = text[end.end():]
    chunked = re.search(br"^transfer-encoding:\s*chunked", head, re.I | re.M)
    body = re.sub(br"^[0-9a-fA-F]+[^\n]*\n", b"", received, count=1) if chunked else received
    complete = whole or (length and len(received) >= int(length.group(1)))
    complete = complete or (chunked and re.search(br"^0\r?\n", received, re.M))
    if b"\n" not in body and not complete:
        return "more"
    line = re.split(b"\r?\n", body, maxsplit=1)[0].decode("utf-8", "replace")
    return int(status.group(1)), line[:LONGEST_LINE]


def end_late_ones(now):
    for attempt in attempts:
        if attempt.outcome is None:
            if now - attempt.at < TIMEOUT:
                return
            finish(attempt, None, None, "timeout")


def until_first_timeout(now):
    for attempt in attempts:
        if attempt.outcome is None:
            return attempt.at + TIMEOUT - now
    return TIMEOUT


def take_finished():
    lines = []
    while attempts and attempts[0].outcome is not None:
        done = attempts.popleft()
        lines.append((done.sequence, round(time_of(done.at), 3), round(done.duration * 1000, 3)) + done.outcome)
    return lines


def answer_input():
    text = os.read(0, 4096)
    if not text:
        raise KeyboardInterrupt
    for line in text.decode("ascii", "replace").split():
        say({"clock": round(time_of(time.monotonic()), 3), "line": line})


def time_of(moment):
    return (ANCHOR + moment) * 1000


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def run():
    say({"probe": 1})
    origin = time.monotonic()
    count = 0
    flush_at = origin + BATCH
    selector.register(0, selectors.EVENT_READ, None)
    while True:
        now = time.monotonic()
        late = int((now - origin) // INTERVAL)
        while count <= late:
            due = origin + count * INTERVAL
            if count < late or in_flight >= MOST_IN_FLIGHT:
                overrun(FIRST + count, due)
            else:
                start(FIRST + count, now)
            count += 1
        end_late_ones(now)
        if now >= flush_at:
            flush_at = now + BATCH
            lines = take_finished()
            if lines:
                say(lines)
        due = origin + count * INTERVAL
        pause = min(due - now, flush_at - now, until_first_timeout(now))
        for key, _ in selector.select(max(0, pause)):
            if key.data is None:
                answer_input()
            else:
                proceed(key.data)


try:
    run()
except (BrokenPipeError, KeyboardInterrupt):
    os._exit(0)
