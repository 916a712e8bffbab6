"""The commands: `python -m benchmarks site [--quick]`, `... coverage`, `... design [--full]`, `... hypotheses`,
`... lighthouse`, `... size`, `... chaos`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import chaos, coverage, design, hypotheses, lighthouse, site, size
from benchmarks.measure import Stopped


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the report.")
    commands = parser.add_subparsers(dest="command", required=True)
    speed = commands.add_parser("site", help="how long the site takes to build")
    speed.add_argument("--quick", action="store_true", help="leave out the generated book of 400 pages")
    speed.add_argument("--repeat", type=int, default=5, help="builds of each kind (default: 5)")
    commands.add_parser("coverage", help="how often simultaneous intervals hold with this few answers")
    speed.add_argument("--against", default="", metavar="REVISION", help="measure this revision as well, in turns")
    surveys = commands.add_parser("design", help="how fast surveys are simulated and judged")
    surveys.add_argument("--full", action="store_true", help="with 10,000 surveys of 10,000 respondents")
    surveys.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    commands.add_parser("hypotheses", help="how long one hypothesis takes, by people and kinds of questions")
    scores = commands.add_parser("lighthouse", help="what Lighthouse says of the built site")
    scores.add_argument("--site", type=Path, default=site.ROOT / "site", help="the built site (default: site)")
    people = commands.add_parser("size", help="how long a report of one's own takes, by people and questions")
    people.add_argument("--people", type=int, metavar="N", help="so many alone (default: 1,000 to 100,000)")
    people.add_argument("--questions", type=int, default=60, metavar="N", help="questions (default: 60)")
    havoc = commands.add_parser("chaos", help="whether anything is lost or wrong when builds are killed, and the like")
    havoc.add_argument("--seed", type=int, default=1, help="what happens follows from it (default: 1)")
    for name, number, what in (("kills", 200, "builds that are killed"), ("disks", 20, "sizes of a full disk"),
                               ("damages", 500, "damages of what is kept"), ("tampers", 100, "tamperings")):
        havoc.add_argument(f"--{name}", type=int, default=number, help=f"{what} (default: {number})")
    given = parser.parse_args(arguments)
    try:
        if given.command == "site":
            site.report(given.quick, given.repeat, given.against, say)
        elif given.command == "design":
            design.report(say, given.full, given.workers)
        elif given.command == "hypotheses":
            hypotheses.report(say)
        elif given.command == "size":
            size.report(say, ((given.people, given.questions),) if given.people else size.SIZES)
        elif given.command == "lighthouse":
            lighthouse.report(say, given.site)
        elif given.command == "chaos":
            chaos.mount_alone()
            return int(not chaos.report(say, given.seed, given.kills, given.disks, given.damages, given.tampers))
        else:
            coverage.report(say)
    except Stopped as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
