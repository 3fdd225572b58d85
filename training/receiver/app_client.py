"""What a job asks of the app: files of the dataset, a place for the model, and an ear for reports."""

from __future__ import annotations

import http.client
import json
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT_S = 30.0
CHECK_TIMEOUT_S = 600.0  # the app copies and hashes a model before it answers
WAITS_S = (1.0, 4.0, 15.0, 60.0)  # before the second and later tries


class Cancelled(Exception):
    """The owner has cancelled the run."""


class Refused(Exception):
    """The app's answer to a request that will not get better by asking again."""


@dataclass(frozen=True)
class Job:
    """What the app sends with the start of a run."""

    run: str
    version: str
    token: str
    datasetUrl: str
    modelUrl: str
    callbackUrl: str

    @staticmethod
    def of(data: dict[str, Any]) -> Job:
        """Raises ValueError when something is missing or not text."""
        names = ("run", "version", "token", "datasetUrl", "modelUrl", "callbackUrl")
        values = {name: data.get(name) for name in names}
        for name, value in values.items():
            if not isinstance(value, str) or not value:
                raise ValueError(f"the job lacks {name}")
        return Job(**values)  # type: ignore[arg-type]  # every value was just seen to be text


class AppClient:
    """The app, for one job."""

    def __init__(self, job: Job, waits_s: tuple[float, ...] = WAITS_S) -> None:
        self.job, self.waits_s = job, waits_s

    def fetch(self, path: str, to: Path) -> None:
        """A file of the version, written as it comes."""
        request = self._request(f"{self.job.datasetUrl}/{urllib.parse.quote(path)}")

        def save(answer: http.client.HTTPResponse) -> None:
            with to.open("wb") as file:
                shutil.copyfileobj(answer, file)

        self._ask(request, save)

    def put(self, path: str, source: Path) -> None:
        """A file of the model."""

        def send() -> urllib.request.Request:
            request = self._request(f"{self.job.modelUrl}/{urllib.parse.quote(path)}", "PUT")
            request.data = source.open("rb")
            request.add_header("content-length", str(source.stat().st_size))
            request.add_header("content-type", "application/octet-stream")
            return request

        self._ask(send, lambda answer: None)

    def report(self, state: str, **more: object) -> None:
        """Says how the run stands. Raises Cancelled when the owner has cancelled it."""
        request = self._request(self.job.callbackUrl, "POST")
        request.data = json.dumps({"run": self.job.run, "state": state, **more}).encode()
        request.add_header("content-type", "application/json")
        answer = self._ask(request, json.load, CHECK_TIMEOUT_S)
        if answer.get("state") == "cancelled" and state != "cancelled":
            raise Cancelled

    def _request(self, url: str, method: str = "GET") -> urllib.request.Request:
        headers = {"authorization": f"Bearer {self.job.token}"}
        return urllib.request.Request(url, headers=headers, method=method)

    def _ask(self, request: Any, take: Any, timeout_s: float = TIMEOUT_S) -> Any:
        for wait_s in (*self.waits_s, None):
            try:
                made = request() if callable(request) else request
                with urllib.request.urlopen(made, timeout=timeout_s) as answer:  # noqa: S310
                    return take(answer)
            except urllib.error.HTTPError as error:
                text = error.read(2000).decode("utf-8", "replace")
                may_pass = error.code >= 500 or error.code in (408, 429)
                if not may_pass or wait_s is None:
                    raise Refused(f"the app answered {error.code}: {text}") from error
            except (OSError, http.client.HTTPException) as error:
                if wait_s is None:
                    raise Refused(f"the app cannot be reached: {error}") from error
            time.sleep(wait_s)
        raise AssertionError("unreachable")
