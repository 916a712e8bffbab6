"""The commands: `python -m publishing build`, `check SITE`, `anchors SITE`, and `zenodo`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from publishing import anchors, citation, zenodo
from publishing.build import SITE, Failed, build, faults
from publishing.builders import NoBuilder, choose
from publishing.check import check
from publishing.edition import Refused
from publishing.pages import count, read

STOPPED = "stopped; the last good site is as it was"


def main(arguments: list[str]) -> int:
    """Run one command; 0 if all is well, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="render the book and swap it in as site/ if it is sound")
    building.add_argument("book", nargs="?", type=Path, default=Path(), help="its folder (default: here)")
    checking = commands.add_parser("check", help="report every fault of a built site")
    checking.add_argument("site", nargs="?", type=Path, default=Path(SITE), help=f"default: {SITE}")
    locking = commands.add_parser("anchors", help="add the addresses of a built site to anchors.lock")
    locking.add_argument("site", nargs="?", type=Path, default=Path(SITE), help=f"default: {SITE}")
    commands.add_parser("zenodo", help="write .zenodo.json from CITATION.cff")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, stop)  # so that the builder is ended too
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `make site | head` ends as other programs do
    try:
        if chosen.command == "build":
            print(build(chosen.book.resolve(), choose(os.environ.get("BUILDER", "")), say))
            return 0
        if chosen.command == "anchors":
            print(f"{anchors.LOCK}: {anchors.add(Path(), chosen.site)} new addresses")
            return 0
        if chosen.command == "zenodo":
            return write_zenodo()
        findings = check(chosen.site)
    except (NoBuilder, Failed, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        said = f"{error.filename or 'a file'} cannot be used ({error.strerror})"
        print(f"{said}; make room, or mend the rights of its folder; the last good site is as it was", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return 1
    for finding in findings:
        print(finding)
    verdict = faults(len(findings)) if findings else "no fault found"
    print(f"check: {count(read(chosen.site))}; {verdict}")
    return 1 if findings else 0


def write_zenodo() -> int:
    report = citation.read(Path())
    if report is None:
        raise Refused(f"{citation.FILE} is not here, and all that Zenodo is told comes from it; add it")
    Path(zenodo.FILE).write_text(zenodo.metadata(report), encoding="utf-8")
    print(f"{zenodo.FILE}: written from {citation.FILE}")
    return 0


def stop(*_: object) -> None:
    raise Failed(STOPPED)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
