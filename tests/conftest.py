"""The app as a process, for tests that need a server."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"


class App:
    """A running ``forewarn serve``."""

    def __init__(self, folder, *options, files=None):
        limited = ("sh", "-c", f'ulimit -n {files} && exec "$@"', "sh") if files else ()
        command = [
            *limited,
            *(sys.executable, "-m", "forewarn.cli", "serve", "--port", "0", "--no-browser"),
            *("--workspace", str(folder), *options),
        ]
        self.process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        line = self.process.stdout.readline()
        assert "Forewarn is at http://127.0.0.1:" in line, line + self.process.stdout.read()
        self.entry = line.split("Forewarn is at ")[1].split(";")[0]
        self.address, _, token = self.entry.partition("/?token=")
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("/api/scenarios")
            except urllib.error.HTTPError:
                return  # it answers, and asks for the password
            except OSError:
                assert self.process.poll() is None, "the app has ended"
            else:
                return
            assert time.monotonic() < end, "the app does not answer"
            time.sleep(0.1)

    def ask(self, path, *, method="GET", body=None):
        """Ask the JSON interface."""
        data = None if body is None else json.dumps(body).encode()
        headers = self.headers | ({"Content-Type": "application/json"} if data else {})
        request = urllib.request.Request(f"{self.address}{path}", method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def wait(self, job):
        """Wait until a job is over."""
        while (found := self.ask(f"/api/jobs/{job['id']}"))["state"] in ("queued", "running"):
            time.sleep(0.4)
        return found

    def stop(self, *, kill=False):
        if self.process.poll() is None:
            (self.process.kill if kill else self.process.terminate)()
            self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def start_app():
    """Start apps; those that still run at the end are stopped."""
    running = []

    def start(folder, *options, **how):
        running.append(App(folder, *options, **how))
        return running[-1]

    yield start
    for app in running:
        app.stop()
