"""The commands of `python -m publishing`: build, check, verify, diff, compare, publish, pdf, anchors, zenodo."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from publishing import anchors, citation, zenodo
from publishing.build import SITE, Failed, build, faults
from publishing.builders import NoBuilder, choose
from publishing.check import check
from publishing.diff import diff, record, told
from publishing.edition import Refused
from publishing.pages import count, read
from publishing.pdf import FILE, pdf
from publishing.publish import publish
from publishing.shown import differences, shown
from publishing.verify import verify

STOPPED = "stopped; the last good site is as it was"


def main(arguments: list[str]) -> int:
    """Run one command; 0 if all is well, 1 if not."""
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, stop)  # so that the builder is ended too
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `make site | head` ends as other programs do
    try:
        return 0 if chosen.run(chosen) else 1
    except (NoBuilder, Failed, Refused) as problem:
        print(problem, file=sys.stderr)
    except OSError as error:
        said = f"{error.filename or 'a file'} cannot be used ({error.strerror})"
        print(f"{said}; make room, or mend the rights of its folder; the last good site is as it was", file=sys.stderr)
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """Every command with what it is given."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(run: Callable[[argparse.Namespace], bool], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__.removeprefix("run_"), help=about)
        made.set_defaults(run=run)
        return made

    building = command(run_build, "render the book and swap it in as site/ if it is sound")
    building.add_argument("book", nargs="?", type=Path, default=Path(), help="its folder (default: here)")
    checking = command(run_check, "report every fault of a built site")
    checking.add_argument("site", nargs="?", type=Path, default=Path(SITE), help=f"default: {SITE}")
    verifying = command(run_verify, "compare a site with its manifest and with one built anew")
    verifying.add_argument("site", nargs="?", type=Path, default=Path(SITE), help=f"default: {SITE}")
    comparing = command(run_compare, "compare what two sites say: results and anchors")
    comparing.add_argument("one", type=Path)
    comparing.add_argument("other", type=Path)
    differing = command(run_diff, "what changed between two versions: results, anchors, data")
    differing.add_argument("old", help="a tag, branch or commit")
    differing.add_argument("new", help="a tag, branch or commit")
    differing.add_argument("--record", action="store_true", help="write it into CHANGES.md below the new version")
    locking = command(run_anchors, "add the addresses of a built site to anchors.lock")
    locking.add_argument("site", nargs="?", type=Path, default=Path(SITE), help=f"default: {SITE}")
    command(run_zenodo, "write .zenodo.json from CITATION.cff")
    handing = command(run_publish, "prepare a folder for a static host")
    handing.add_argument("target", nargs="?", type=Path, default=Path("public"), help="default: public")
    printing = command(run_pdf, "print the whole report as one PDF")
    printing.add_argument("target", nargs="?", type=Path, default=Path(FILE), help=f"default: {FILE}")
    return parser


def run_build(chosen: argparse.Namespace) -> bool:
    print(build(chosen.book.resolve(), choose(os.environ.get("BUILDER", "")), say))
    return True


def run_check(chosen: argparse.Namespace) -> bool:
    findings = check(chosen.site)
    for finding in findings:
        print(finding)
    verdict = faults(len(findings)) if findings else "no fault found"
    print(f"check: {count(read(chosen.site))}; {verdict}")
    return not findings


def run_verify(chosen: argparse.Namespace) -> bool:
    return verify(Path.cwd(), chosen.site, say)


def run_compare(chosen: argparse.Namespace) -> bool:
    one, other = shown(chosen.one), shown(chosen.other)
    found = differences(one, other)
    for difference in found:
        print(f"{difference.kind} {difference.name}: “{difference.old}” and “{difference.new}”")
    print(f"compare: {len(one.results)} results and {len(one.anchors)} anchors; {len(found) or 'none'} of them differ")
    return not found and bool(one.anchors)


def run_diff(chosen: argparse.Namespace) -> bool:
    found = diff(Path.cwd(), chosen.old, chosen.new, say)
    print(told(found, chosen.old, chosen.new))
    if chosen.record:
        record(Path.cwd(), found, chosen.old, chosen.new)
    return True


def run_anchors(chosen: argparse.Namespace) -> bool:
    print(f"{anchors.LOCK}: {anchors.add(Path(), chosen.site)} new addresses")
    return True


def run_zenodo(chosen: argparse.Namespace) -> bool:
    report = citation.read(Path())
    if report is None:
        raise Refused(f"{citation.FILE} is not here, and all that Zenodo is told comes from it; add it")
    Path(zenodo.FILE).write_text(zenodo.metadata(report), encoding="utf-8")
    print(f"{zenodo.FILE}: written from {citation.FILE}")
    return True


def run_publish(chosen: argparse.Namespace) -> bool:
    print(publish(Path.cwd(), Path(SITE), chosen.target))
    return True


def run_pdf(chosen: argparse.Namespace) -> bool:
    print(pdf(Path.cwd(), Path(SITE), chosen.target))
    return True


def stop(*_: object) -> None:
    raise Failed(STOPPED)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
