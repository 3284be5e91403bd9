"""Fifty hostile files in a row in the app, beside the previews of a second visitor.

Run with ``python benchmarks/hostile_files.py``.
Prints the median preview without and with the hostile files, and their ratio (at most 3 is asked).
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent))
from app_load import start  # noqa: E402

PREVIEWS, FILES = 30, 50
PAUSE_SECONDS = 0.5
"""Between one preview and the next: looking at it takes a moment."""


def hostile():
    """Reports and workbooks that took the app down, in turn."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2**26)
    pdf = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n" + b"0 0 Td\n" * 10**5
    )
    html = ("<html><body><p " + " ".join(f'a{n}="v"' for n in range(20_000)) + ">x</p>").encode()
    texts = ("“said ” " * 2000, '"He said. ' * 2000, "People fled. " * 2000)
    reports = [
        ("a.pdf", pdf),
        ("a.html", html),
        *((f"{n}.txt", text.encode()) for n, text in enumerate(texts)),
    ]
    files = [("/api/reports/draft/file", *each) for each in reports] + [
        ("/api/scenarios/file", "book.xlsx", book.getvalue())
    ]
    return [files[number % len(files)] for number in range(FILES)]


def previews(address, headers, until=lambda: False):
    """Seconds of one preview after the other, each of another lever."""
    took = []
    with httpx.Client(base_url=address, headers=headers, timeout=300) as visitor:
        for number in range(PREVIEWS):
            began = time.perf_counter()
            answer = visitor.post(
                "/api/scenarios/idlib-2018/what-if", json={"levers": {"later": {"staged": number + 1}}}
            )
            answer.raise_for_status()
            took.append(time.perf_counter() - began)
            time.sleep(PAUSE_SECONDS)
            if until():
                break
    return took


def main():
    with tempfile.TemporaryDirectory() as folder:
        process, address, headers = start(Path(folder))
        try:
            time.sleep(60)  # until the simulation is compiled
            previews(address, headers)
            before = previews(address, headers)
            answers = []

            def attack():
                with httpx.Client(base_url=address, headers=headers, timeout=600) as stranger:
                    for path, name, data in hostile():
                        data_fields = {"issued": "2018-09-12"} if "draft" in path else {}
                        sent = stranger.post(path, files={"file": (name, data)}, data=data_fields)
                        answers.append(sent.status_code)

            attacker = threading.Thread(target=attack)
            attacker.start()
            during = []
            while attacker.is_alive():
                during += previews(address, headers, until=lambda: not attacker.is_alive())
            alone, beside = statistics.median(before), statistics.median(during)
            print(f"{FILES} hostile files answered: {sorted(set(answers))}")
            print(f"preview alone {alone:.2f} s, beside {beside:.2f} s ({len(during)} of them)")
            print(f"{beside / alone:.2f} times")
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
