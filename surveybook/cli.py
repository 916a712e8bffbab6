"""The command `surveybook`: what it understands, and how it ends. What each command does is in `commands.py`."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from surveybook import __version__, commands
from surveybook.errors import Refusal

STOPPED = "stopped; the last good site is as it was"
ENDED = "ended"  # as this command does
ABOUT = "From answers to a site that can be read, cited, verified and rebuilt."
EPILOG = """A report is a folder with a _quarto.yml; commands work in the folder they are called in.
`surveybook new my-report` makes one. Start with `surveybook build`, then open site/index.html; while you write,
`surveybook serve`.
The exit status is 0 if all is well, 1 if something is wrong with the report, 2 if the command was not understood."""

Run = Callable[[argparse.Namespace], int | None]
Add = Callable[..., argparse.ArgumentParser]  # by the function that runs a command, and what is said if it is stopped


class Stopped(Exception):
    """Somebody asked the command to end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 if not, 130 if it was interrupted while it changed nothing."""
    chosen = parser().parse_args(arguments)
    os.environ.pop("PYTHONOPTIMIZE", None)  # cells and libraries that they use need their assertions and docstrings
    gc.set_threshold(100_000)  # nearly all that is read and parsed stays until the end
    if chosen.command not in ("serve", "render"):  # they serve a program, which is gone when they are told to end
        signal.signal(signal.SIGTERM, _stop)  # so that the builder is ended too
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `surveybook build | head` ends as other programs do
    try:
        return chosen.run(chosen) or 0
    except (Refusal, Stopped) as problem:
        print(problem, file=sys.stderr)
    except OSError as error:
        said = f"{error.filename or 'a file'} cannot be used ({error.strerror})"
        denied = isinstance(error, PermissionError)
        remedy = "mend its rights or those of its folder" if denied else "make room, or mend the rights of its folder"
        print(f"{said}; {remedy}; the last good site is as it was", file=sys.stderr)
    except KeyboardInterrupt:
        print(chosen.stopped, file=sys.stderr)
        return {STOPPED: 1, ENDED: 0}.get(chosen.stopped, 130)
    return 1


def parser() -> argparse.ArgumentParser:
    """Every command with what it is given."""
    parser = argparse.ArgumentParser(prog="surveybook", description=ABOUT, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")

    def command(run: Run, stopped: str = STOPPED) -> argparse.ArgumentParser:
        """A command: its help is the first line of the function that runs it, its description all of it."""
        words = inspect_doc(run)
        name = run.__name__.replace("_", "-")
        made = subparsers.add_parser(name, help=words[0].rstrip("."), description="\n\n".join(words),
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
        made.set_defaults(run=run, stopped=stopped)
        return made

    for add in (add_writing, add_site, add_studies, add_rendering):
        add(command)
    return parser


def add_writing(command: Add) -> None:
    """What an author starts with, and builds with."""
    beginning = command(commands.new)
    beginning.add_argument("folder", type=Path, help="the folder to make, such as my-report")
    beginning.add_argument("--title", default="", help="title of the report (default: the name of the folder)")
    beginning.add_argument("--author", action="append", default=[], metavar="NAME",
                           help="“Family, Given” for a person, else as it stands; can be given several times (default: "
                                "the name that git knows)")
    beginning.add_argument("--licence", default="", metavar="SPDX", help="licence of the report (default: CC-BY-4.0)")
    beginning.add_argument("--from", dest="answers", type=Path, metavar="FILE",
                           help="a file that a tool for surveys exported: it becomes the study of the report, as "
                                "`surveybook study` does it, in the place of the example")
    building = command(commands.build)
    building.add_argument("book", nargs="?", type=Path, default=Path(), help="the folder of the report (default: here)")
    quietly(building)
    serving = command(commands.serve, ENDED)
    serving.add_argument("book", nargs="?", type=Path, default=Path(), help="the folder of the book (default: here)")
    serving.add_argument("--output", type=Path, metavar="SITE", help="folder of the site (default: output-dir)")
    serving.add_argument("--port", type=int, default=4300, help="default: 4300; 0: any that is free")


def add_site(command: Add) -> None:
    """What is done with a built site."""
    a_site(command(commands.check), "the site to check")
    verifying = command(commands.verify)
    verifying.add_argument("site", nargs="?", default="site",
                           help="the folder of the site, such as a copy that was downloaded, or its address on the web "
                                "(default: site)")
    comparing = command(commands.compare)
    comparing.add_argument("one", type=Path, help="folder of a built site")
    comparing.add_argument("other", type=Path, help="folder of another one")
    differing = command(commands.diff)
    differing.add_argument("old", help="a tag, branch or commit")
    differing.add_argument("new", help="a tag, branch or commit")
    differing.add_argument("--record", action="store_true", help="write it into CHANGES.md below the new version")
    handing = command(commands.publish)
    handing.add_argument("target", nargs="?", type=Path, default=Path("public"), help="folder (default: public)")
    printing = command(commands.pdf)
    printing.add_argument("target", nargs="?", type=Path, default=Path("report.pdf"), help="default: report.pdf")
    a_site(command(commands.anchors), "the site whose addresses are added")
    command(commands.zenodo)


def add_studies(command: Add) -> None:
    """What is done with the studies of a report."""
    sealing, inspecting, simulating = map(command, (commands.seal, commands.check_study, commands.simulate))
    for one in (sealing, inspecting, simulating):
        one.add_argument("study", nargs="+", help="a folder of data/")
    sealing.add_argument("--plan", action="store_true",
                         help="before the answers are there: write day and hash of hypotheses and codebook into "
                              "plan.yaml; later, add an amendment")
    sealing.add_argument("--reason", default="", help="why the plan is amended; readers see it")
    importing = command(commands.study)
    importing.add_argument("answers", type=Path, help="a file that a tool for surveys exported")
    importing.add_argument("--name", default="", help="name of the study in data/ (default: that of the file)")
    importing.add_argument("--title", default="", help="what the study is called (default: the name of the file)")
    importing.add_argument("--wave", default="", metavar="LABEL",
                           help="the answers are the next wave of the study --name, and called so, such as 2026")
    importing.add_argument("--as", dest="kinds", action="append", default=[], metavar="HEADING=KIND",
                           help="how the column of this heading is read: yes-no, ordered, nominal, multi-select, "
                                "count, weight, or leave-out; can be given several times")
    designing = command(commands.design,
                        "design: stopped; what is stored is as it was, and the next run goes on from here")
    designing.add_argument("study", help="a folder of data/ with a design.yaml")
    designing.add_argument("--workers", type=int, default=-1, help="processes (default: one for each core)")
    designing.add_argument("--check", action="store_true", help="simulate a sample of chunks again and compare")
    designing.add_argument("--accept", action="store_true",
                           help="where only code changed: check, and keep what is stored if nothing differs")
    designing.add_argument("--sample", type=int, default=60, help="how many chunks are checked (default: 60)")


def add_rendering(command: Add) -> None:
    """What builds call: the renderer, and what goes around a render."""
    rendering = command(commands.render, "stopped; nothing was written")
    rendering.add_argument("book", type=Path, help="folder with the book's _quarto.yml")
    rendering.add_argument("--output", type=Path, metavar="SITE", help="folder of the site (default: output-dir)")
    rendering.add_argument("--execute", choices=["fork", "jupyter"], default=os.environ.get("EXECUTE", "fork"),
                           help="run cells in forked processes, or in Jupyter kernels (default: fork)")
    rendering.add_argument("--record", type=Path, metavar="FILE",
                           help="write what the cells depended on outside of the book's folder, as JSON")
    rendering.add_argument("--lenient", action="store_true",
                           help="go on where the book has what is not done here: each is listed, and a box on the page "
                                "says “Not rendered here”")
    quietly(rendering)
    hooking = command(commands.hook)
    hooking.add_argument("when", choices=["before", "after"], help="before the render, or after it")


def a_site(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument("site", nargs="?", type=Path, default=Path("site"), help=f"{about} (default: site)")


def quietly(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", default=os.environ.get("QUIET", "") not in ("", "0"),
                         help="say nothing but what is wrong (default with QUIET=1 in the environment)")


def inspect_doc(run: Run) -> list[str]:
    """The paragraphs of a docstring, each on one line."""
    return [" ".join(paragraph.split()) for paragraph in (run.__doc__ or "").split("\n\n")]


def _stop(*_: object) -> None:
    raise Stopped(STOPPED)
