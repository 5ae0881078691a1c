"""Read what can be made to hang (PDFs and web pages) in a process of its own, which is ended when its time is up.

Python's own HTML parser takes five minutes for 200 kB of "<a <a <a", so no page is small enough to be read without.

`python -m corpus.sandbox KIND PAGES MEGABYTES` reads the file from standard input and writes JSON to standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from corpus.html import read_html
from corpus.pdf import UnreadablePdf, read_pdf
from corpus.texts import TextSection

Read = tuple[str | None, tuple[TextSection, ...], tuple[str, ...]]
"""Title, sections, warnings."""


class Unreadable(ValueError):
    """The file gave nothing; the message says why."""


def read_apart(kind: str, data: bytes, *, seconds: float, pages: int, megabytes: int) -> Read:
    """Read a "pdf" or "html" file (the latter as UTF-8) in a child process. Raises Unreadable."""
    command = [sys.executable, "-m", "corpus.sandbox", kind, str(pages), str(megabytes)]
    try:
        # the arguments are ours and the file goes in as data, so nothing of it is run
        done = subprocess.run(  # noqa: S603
            command,
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=Path(__file__).parent.parent,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"takes longer than {seconds:g} s to read") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise Unreadable("broke the reader: it needs too much memory or is malformed") from error
    if "reason" in answer:
        raise Unreadable(answer["reason"])
    sections = tuple(TextSection(path, tuple(paragraphs)) for path, paragraphs in answer["sections"])
    return answer["title"], sections, tuple(answer["warnings"])


def main(arguments: list[str]) -> int:
    """The child: read one file, print what it holds or why it holds nothing."""
    kind, pages, megabytes = arguments[0], int(arguments[1]), int(arguments[2])
    _limit_memory(megabytes)
    data = sys.stdin.buffer.read()
    answer: dict[str, object]
    try:
        if kind == "pdf":
            title, sections, warnings = read_pdf(data, pages)
        else:
            title, sections = read_html(data.decode("utf-8", "replace"))
            warnings = ()
        answer = {
            "title": title,
            "sections": [(section.path, section.paragraphs) for section in sections],
            "warnings": warnings,
        }
    except UnreadablePdf as error:
        answer = {"reason": str(error)}
    except MemoryError:
        answer = {"reason": "needs too much memory to read"}
    except (RecursionError, ValueError, AssertionError) as error:
        answer = {"reason": f"is malformed ({type(error).__name__})"}
    sys.stdout.write(json.dumps(answer))
    return 0


def _limit_memory(megabytes: int) -> None:
    """Cap this process's memory, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows; the time limit still holds there
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
