"""Fifty open sessions of the app, five of them active: ``python benchmarks/app_load.py [SECONDS]``.

Starts ``forewarn serve`` on this machine, opens pages with their sockets as a browser does, and moves levers
of Idlib 2018 through the interface. Prints percentiles of the previews and how many requests failed.
"""

from __future__ import annotations

import ast
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
import socketio

SESSIONS, ACTIVE = 50, 5
SCENARIO = "idlib-2018"
PAUSE_SECONDS = 3.0
"""Between one change of an active visitor and the next: looking at the result takes a moment."""
LEVERS = (
    lambda n: {"later": {"staged": n % 40 + 1}},
    lambda n: {"pace": {"first-stage": 0.5 + n % 20 / 10}},
    lambda n: {"crossings": {"bab-al-hawa": {"status": "limited", "people_per_day": 100 + n}}},
    lambda n: {"capacity": {"Atma (camp cluster)": 50_000 + 100 * n}},
    lambda n: {"chances": {"deal": n % 90 / 100 + 0.01}},
)


def start(folder):
    source = Path(__file__).parents[1] / "src"
    command = [
        *(sys.executable, "-m", "forewarn.cli", "serve", "--port", "0", "--no-browser"),
        *("--workspace", str(folder)),
    ]
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(source)}, stdout=subprocess.PIPE, text=True
    )
    entry = process.stdout.readline().split("Forewarn is at ")[1].split(";")[0]
    address, _, token = entry.partition("/?token=")
    return process, address, {"Authorization": f"Bearer {token}"}


async def open_session(client, address, number):
    """Open a page and hold its socket, as a browser does."""
    path = "/forecast?scenario=crossroads" if number % 2 else "/"
    page = await client.get(path, headers={"accept": "text/html"})
    page.raise_for_status()
    query = ast.literal_eval(re.search(r"query: (\{.*?\})", page.text).group(1))
    query |= {"tab_id": f"tab-{number}", "old_tab_id": "", "document_id": f"document-{number}"}
    socket = socketio.AsyncClient()
    arguments = "&".join(f"{name}={str(value).lower()}" for name, value in query.items())
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    await socket.connect(
        f"{address}?{arguments}",
        socketio_path="/_nicegui_ws/socket.io",
        transports=["websocket"],
        headers={"Cookie": cookie, "Origin": address, "Authorization": client.headers["Authorization"]},
    )
    return socket


async def be_active(client, end, number, seconds, codes):
    step = number
    while time.monotonic() < end:
        body = {"levers": LEVERS[step % len(LEVERS)](step)}
        began = time.monotonic()
        answer = await client.post(f"/api/scenarios/{SCENARIO}/what-if", json=body)
        seconds.append(time.monotonic() - began)
        codes[answer.status_code] += 1
        step += ACTIVE
        await asyncio.sleep(PAUSE_SECONDS)


async def measure(address, signed, seconds_in_all):
    seconds, codes = [], Counter()
    clients = [httpx.AsyncClient(base_url=address, timeout=60, headers=signed) for _ in range(SESSIONS)]
    for _ in range(300):
        try:
            (await clients[0].get("/api/scenarios")).raise_for_status()
            break
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
    sockets = [await open_session(client, address, n) for n, client in enumerate(clients)]
    # The base case is computed once, and kept; that is not what is measured.
    await clients[0].post(f"/api/scenarios/{SCENARIO}/what-if", json={"levers": {}})
    end = time.monotonic() + seconds_in_all
    active = [be_active(clients[n], end, n, seconds, codes) for n in range(ACTIVE)]
    await asyncio.gather(*active)
    held = sum(socket.connected for socket in sockets)
    for socket in sockets:
        await socket.disconnect()
    for client in clients:
        await client.aclose()
    return sorted(seconds), codes, held


def main():
    seconds_in_all = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    with tempfile.TemporaryDirectory() as folder:
        process, address, signed = start(folder)
        try:
            seconds, codes, held = asyncio.run(measure(address, signed, seconds_in_all))
        finally:
            process.terminate()
            process.wait(30)

    def percentile(share):
        return seconds[min(len(seconds) - 1, int(share * len(seconds)))]

    print(f"{SESSIONS} sessions, {held} still open at the end, {ACTIVE} active for {seconds_in_all:.0f} s")
    print(f"{len(seconds)} previews, answers by code: {dict(codes)}")
    print(", ".join(f"p{round(100 * share)} {percentile(share):.2f} s" for share in (0.5, 0.9, 0.95, 0.99)))


if __name__ == "__main__":
    main()
