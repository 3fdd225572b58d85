"""Takes the app's signed requests to train, and trains: one run at a time.

    TRAINING_SECRET=… python3 training/receiver/receiver.py [--port 8900] [--work DIR]

The app's `TRAINING_WEBHOOK_URL` is this program's address. A request is stored before it is answered,
so that a restart loses none, and one that comes again changes nothing. Each run is a process of its
own (`job.py`), which a cancelled run ends. `--public-url` is where the app's owner can reach this
program to read logs; without it none are linked.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from receiver.app_client import AppClient, Cancelled, Job, Refused  # noqa: E402
from receiver.signature import is_signed  # noqa: E402

MAX_BODY_BYTES = 64 * 1024
REQUEST_TIMEOUT_S = 15
STOP_S = 20  # a job that has not ended so long after SIGTERM is killed
JOB = [sys.executable, str(Path(__file__).with_name("job.py"))]


class Queue:
    """Runs in files: `waiting/TIME-DELIVERY.json`, then `done/DELIVERY.json`."""

    def __init__(self, work: Path) -> None:
        self.waiting, self.done, self.logs = work / "waiting", work / "done", work / "logs"
        for folder in (self.waiting, self.done, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()

    def add(self, delivery: str, data: dict[str, Any]) -> None:
        """Stores a run, once for each delivery."""
        with self.lock:
            if self._find(delivery) or (self.done / f"{delivery}.json").exists():
                return
            target = self.waiting / f"{time.time_ns():020d}-{delivery}.json"
            draft = target.with_suffix(".part")
            with draft.open("w") as file:
                json.dump(data, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)

    def first(self) -> tuple[str, dict[str, Any]] | None:
        """The oldest run that waits, with its delivery."""
        with self.lock:
            for path in sorted(self.waiting.glob("*.json")):
                return path.stem.split("-", 1)[1], json.loads(path.read_text())
        return None

    def finish(self, delivery: str) -> None:
        """Marks a delivery as done: it is not run again."""
        with self.lock:
            path = self._find(delivery)
            if path:
                # the token is not needed any more, but the name is: the request may come again
                (self.done / f"{delivery}.json").write_text("{}\n")
                path.unlink()

    def deliveries_of(self, run: str) -> list[str]:
        """The deliveries that wait or run for a run of the app."""
        with self.lock:
            return [
                path.stem.split("-", 1)[1]
                for path in self.waiting.glob("*.json")
                if json.loads(path.read_text()).get("run") == run
            ]

    def _find(self, delivery: str) -> Path | None:
        return next(iter(self.waiting.glob(f"*-{delivery}.json")), None)


class Runner(threading.Thread):
    """Runs what waits, oldest first."""

    def __init__(self, queue: Queue, public_url: str | None, command: list[str]) -> None:
        super().__init__(daemon=True)
        self.queue, self.public_url, self.command = queue, public_url, command
        self.work = threading.Event()
        self.stopping = False
        self.lock = threading.Lock()
        self.running: tuple[str, subprocess.Popen[bytes]] | None = None

    def run(self) -> None:
        while not self.stopping:
            found = self.queue.first()
            if found is None:
                self.work.wait()
                self.work.clear()
                continue
            delivery, data = found
            status = self._run_job(delivery, data)
            if self.stopping:
                return
            cancelled = delivery not in self.queue.deliveries_of(data["run"])
            self.queue.finish(delivery)
            if status not in (0, 1) and not cancelled:
                _report_crash(data, status)

    def cancel(self, run: str) -> None:
        """Ends a run, or takes it out of the queue."""
        for delivery in self.queue.deliveries_of(run):
            self.queue.finish(delivery)
            with self.lock:
                if self.running and self.running[0] == delivery:
                    self.running[1].terminate()

    def stop(self) -> None:
        """Ends what runs; it runs again after the next start."""
        self.stopping = True
        self.work.set()
        with self.lock:
            process = self.running[1] if self.running else None
        if process:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def _run_job(self, delivery: str, data: dict[str, Any]) -> int:
        env = {**os.environ, "AI2TEXT_JOB": json.dumps(data)}
        env.pop("TRAINING_SECRET", None)
        if self.public_url:
            env["AI2TEXT_LOGS_URL"] = f"{self.public_url}/logs/{delivery}"
        with (self.queue.logs / f"{delivery}.log").open("ab") as log:
            process = subprocess.Popen(self.command, env=env, stdout=log, stderr=log)
            with self.lock:
                self.running = (delivery, process)
            try:
                return process.wait()
            finally:
                with self.lock:
                    self.running = None


def _report_crash(data: dict[str, Any], status: int) -> None:
    try:
        message = f"The job ended with status {status}; its log tells more."
        AppClient(Job.of(data)).report("failed", message=message)
    except (Cancelled, Refused, ValueError) as error:
        print(f"not reported: {error}", file=sys.stderr, flush=True)


def handler_of(secret: str, queue: Queue, runner: Runner) -> type[BaseHTTPRequestHandler]:
    """Answers the app's requests."""

    class Handler(BaseHTTPRequestHandler):
        timeout = REQUEST_TIMEOUT_S

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            if not length.isdigit() or int(length) > MAX_BODY_BYTES:
                return self._answer(413)
            body = self.rfile.read(int(length))
            given = [
                self.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
            ]
            if not is_signed(secret, given[0], given[1], body, given[2], time.time()):
                return self._answer(401)
            try:
                message = json.loads(body)
                self._take(given[0], message["type"], message["data"])
            except (ValueError, KeyError, TypeError):
                return self._answer(400)
            return self._answer(202)

        def do_GET(self) -> None:
            name = self.path.removeprefix("/logs/")
            log = queue.logs / f"{name}.log"
            if not self.path.startswith("/logs/") or not _is_id(name) or not log.exists():
                return self._answer(404)
            return self._answer(200, log.read_bytes())

        def _take(self, message_id: str, kind: str, data: dict[str, Any]) -> None:
            if kind == "training.start":
                Job.of(data)
                if not _is_id(message_id):
                    raise ValueError
                queue.add(message_id, data)
                runner.work.set()
            elif kind == "training.cancel":
                runner.cancel(data["run"])

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.send_header("content-type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            print(f"{self.command} {format % args}", flush=True)

    return Handler


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--work", type=Path, default=Path("training-work"))
    parser.add_argument("--public-url")
    args = parser.parse_args()
    secret = os.environ.get("TRAINING_SECRET", "")
    if len(secret) < 24:
        sys.exit("TRAINING_SECRET is missing: set it to the app's own, of 24 characters or more.")
    queue = Queue(args.work)
    runner = Runner(queue, args.public_url and args.public_url.rstrip("/"), JOB)
    server = ThreadingHTTPServer((args.host, args.port), handler_of(secret, queue, runner))
    runner.start()

    def stop(*_: object) -> None:
        runner.stop()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"Listening on http://{args.host}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
