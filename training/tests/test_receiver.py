"""The receiver's parts that need nothing but Python: signatures, queue, manifest, talk with the app."""

from __future__ import annotations

import http.server
import json
import os
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import needs  # noqa: F401
from receiver.app_client import AppClient, Cancelled, Job, Refused
from receiver.receiver import Queue, Runner, handler_of
from receiver.signature import is_signed, sign
from receiver.utterances import LeftOut, first_pronunciations, read_utterances

SECRET = "a secret of the tests alone"


class SignatureTest(unittest.TestCase):
    def test_takes_what_the_app_signs(self) -> None:
        # node -e 'crypto.createHmac("sha256", secret).update("id.1700000000.{}").digest("base64")'
        signature = sign(SECRET, "id", "1700000000", b"{}")
        self.assertTrue(signature.startswith("v1,"))
        self.assertTrue(is_signed(SECRET, "id", "1700000000", b"{}", f"v1,x {signature}", 1.7e9))

    def test_refuses_another_body_secret_id_and_time(self) -> None:
        signature = sign(SECRET, "id", "1700000000", b"{}")
        for secret, name, at, body, now in (
            (SECRET, "id", "1700000000", b"{ }", 1.7e9),
            ("another secret", "id", "1700000000", b"{}", 1.7e9),
            (SECRET, "id2", "1700000000", b"{}", 1.7e9),
            (SECRET, "id", "1700000001", b"{}", 1.7e9),
            (SECRET, "id", "1700000000", b"{}", 1.7e9 + 301),
            (SECRET, "id", "", b"{}", 1.7e9),
        ):
            self.assertFalse(is_signed(secret, name, at, body, signature, now))


class UtterancesTest(unittest.TestCase):
    KNOWN = {"the": (1, 2), "boat": (3,)}

    def line(self, **more: str) -> str:
        return json.dumps({"text": "The boat.", "lang": "en", "sha256": "a" * 64, **more})

    def test_spells_words_as_phones(self) -> None:
        [one] = read_utterances([self.line(), ""], self.KNOWN, LeftOut())
        self.assertEqual(one.phones, (1, 2, 3))
        self.assertEqual(one.clip, f"clips/aa/{'a' * 64}.flac")

    def test_counts_what_it_leaves_out(self) -> None:
        left = LeftOut()
        lines = [self.line(text="the ship"), self.line(lang="de"), self.line(text="…")]
        self.assertEqual(read_utterances(lines, self.KNOWN, left), [])
        self.assertEqual((left.unknown_word, left.other_language, left.empty), (1, 1, 1))

    def test_keeps_unknown_words_where_they_are_only_counted(self) -> None:
        [one] = read_utterances([self.line(text="the ship")], self.KNOWN, LeftOut(), True)
        self.assertEqual(one.text, "the ship")

    def test_refuses_a_clip_with_a_path_in_its_name(self) -> None:
        with self.assertRaises(ValueError):
            read_utterances([self.line(sha256="../../etc/passwd")], self.KNOWN, LeftOut())

    def test_takes_the_first_pronunciation(self) -> None:
        known = first_pronunciations(["A", "b", "</s>"], [[[1], [2]], [[3, 4]], []])
        self.assertEqual(known, {"a": (1,), "b": (3, 4)})


class Served(unittest.TestCase):
    """A server for the length of a test."""

    def serve(self, handler: type[http.server.BaseHTTPRequestHandler]) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"


def job_data(url: str, run: str = "run") -> dict[str, str]:
    names = ("datasetUrl", "modelUrl", "callbackUrl")
    return {"run": run, "version": "v1", "token": "t", **{name: f"{url}/{name}" for name in names}}


class AppClientTest(Served):
    def client(self, answers: list[tuple[int, dict[str, Any]]]) -> AppClient:
        seen: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                seen.append(self.headers["authorization"])
                status, body = answers.pop(0)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.seen = seen
        return AppClient(Job.of(job_data(self.serve(Handler))), waits_s=(0.0, 0.0))

    def test_reports_again_after_a_failure_that_passes(self) -> None:
        self.client([(503, {}), (200, {"state": "running"})]).report("running")
        self.assertEqual(self.seen, ["Bearer t", "Bearer t"])

    def test_hears_that_the_run_was_cancelled(self) -> None:
        with self.assertRaises(Cancelled):
            self.client([(200, {"state": "cancelled"})]).report("running")

    def test_does_not_ask_again_what_was_refused(self) -> None:
        with self.assertRaises(Refused):
            self.client([(404, {})]).report("running")
        self.assertEqual(len(self.seen), 1)


class ReceiverTest(Served):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name)
        self.queue = Queue(self.work)

    def start(self, command: list[str]) -> str:
        runner = Runner(self.queue, None, command)
        runner.start()
        self.addCleanup(runner.join)
        self.addCleanup(runner.stop)
        handler = handler_of(SECRET, self.queue, runner)
        handler.log_message = lambda *_: None  # type: ignore[method-assign]
        return self.serve(handler)

    def send(self, url: str, name: str, kind: str, data: object, secret: str = SECRET) -> int:
        body = json.dumps({"type": kind, "data": data}).encode()
        at = str(int(time.time()))
        headers = {"webhook-id": name, "webhook-timestamp": at}
        headers["webhook-signature"] = sign(secret, name, at, body)
        try:
            request = urllib.request.Request(url, body, headers)
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def until(self, done: Any) -> None:
        ends = time.monotonic() + 20
        while not done():
            self.assertLess(time.monotonic(), ends)
            time.sleep(0.02)

    def test_runs_a_delivery_once_however_often_it_comes(self) -> None:
        out = self.work / "ran"
        url = self.start([sys.executable, "-c", f"open({str(out)!r}, 'a').write('x')"])
        name = str(uuid.uuid4())
        for _ in range(3):
            self.assertEqual(self.send(url, name, "training.start", job_data(url)), 202)
        self.until(lambda: (self.queue.done / f"{name}.json").exists())
        self.assertEqual(self.send(url, name, "training.start", job_data(url)), 202)
        self.assertIsNone(self.queue.first())
        self.assertEqual(out.read_text(), "x")

    def test_refuses_a_wrong_signature_and_a_wrong_message(self) -> None:
        url = self.start([sys.executable, "-c", ""])
        name = str(uuid.uuid4())
        self.assertEqual(self.send(url, name, "training.start", job_data(url), "wrong"), 401)
        self.assertEqual(self.send(url, name, "training.start", {"run": "x"}), 400)
        self.assertEqual(self.send(url, "../x", "training.start", job_data(url)), 400)
        self.assertIsNone(self.queue.first())

    def test_ends_a_job_that_is_cancelled(self) -> None:
        pid = self.work / "pid"
        code = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
        url = self.start([sys.executable, "-c", code])
        self.send(url, str(uuid.uuid4()), "training.start", job_data(url, "run-1"))
        self.until(lambda: pid.exists() and pid.read_text())
        self.send(url, f"{uuid.uuid4()}-cancel", "training.cancel", {"run": "run-1"})

        def is_gone() -> bool:
            try:
                os.kill(int(pid.read_text()), 0)
            except ProcessLookupError:
                return True
            return False

        self.until(is_gone)
        self.assertIsNone(self.queue.first())

    def test_keeps_what_waits_over_a_restart(self) -> None:
        self.queue.add(str(uuid.uuid4()), {"run": "1"})
        self.queue.add(str(uuid.uuid4()), {"run": "2"})
        found = Queue(self.work).first()
        self.assertEqual(found and found[1], {"run": "1"})


if __name__ == "__main__":
    unittest.main()
