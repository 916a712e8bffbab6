"""What each command of `surveybook` does: a function with its name, whose docstring is its help.

This is the only file that knows all three wings, `survey`, `publish` and `render`. Each function imports what it needs
when it runs, as most need only one of them.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from surveybook.errors import Refusal

if TYPE_CHECKING:
    from surveybook.survey.data.study import Study


def new(chosen: argparse.Namespace) -> None:
    """Make the folder of a new report, which builds and tests itself at once.

    It holds a small example of a study, whose answers are simulated and say so, the chapters that every report needs,
    and the tool itself. Title, authors and licence stand in its CITATION.cff.

    With --from, answers that were exported are its study instead, and nothing is made unless they can be read.
    """
    from surveybook.skeleton import make_report

    told: list[str] = []

    def fill(folder: Path) -> None:
        from surveybook.survey.intake.command import import_study

        told.extend(import_study(folder, chosen.answers, title=chosen.title))

    made = make_report(chosen.folder, chosen.title, chosen.author, chosen.licence, fill if chosen.answers else None)
    for line in told[:-1]:  # the last one tells how to build
        say(line)
    say(f"new: “{made.title}” by {'; '.join(made.authors)}, under {made.licence}; change that in its CITATION.cff and "
        f"_quarto.yml\nnext:\n  cd {shlex.quote(str(chosen.folder))}\n  make site\n  make test")


def build(chosen: argparse.Namespace) -> None:
    """Render the report, check it, and put it in the place of site/.

    BUILDER=quarto or BUILDER=renderer in the environment forces one of the two ways to render. If the render fails or
    the checks find anything, the last good site stays as it is.
    """
    from surveybook.publish.build import build
    from surveybook.publish.builders import choose

    if chosen.quiet:
        os.environ["QUIET"] = "1"  # for the builder
    tell = (lambda _: None) if chosen.quiet else say
    tell(build(chosen.book.resolve(), choose(os.environ.get("BUILDER", "")), tell))


def serve(chosen: argparse.Namespace) -> None:
    """Show the book in a browser while it is written.

    It is built again when a file is saved, and the browser loads the page anew. What is wrong stands above the last
    good page. Only this machine can see it.
    """
    from surveybook.render.serve import serve

    serve(chosen.book.resolve(), chosen.output and chosen.output.absolute(), chosen.port)


def check(chosen: argparse.Namespace) -> int:
    """Report every fault of a built site: links, names, requests, policies, printed numbers, weight.

    The studies of this folder that are said to be simulated must be what their models draw.
    """
    from surveybook.publish.build import faults
    from surveybook.publish.check import check_pages
    from surveybook.publish.site.page import count_pages, read_pages
    from surveybook.survey.data.simulation.proof import prove_studies

    prove_studies(Path.cwd())
    pages = read_pages(chosen.site)
    findings = check_pages(pages, chosen.site)
    for finding in findings:
        print(finding)
    verdict = faults(len(findings)) if findings else "no fault found"
    print(f"check: {count_pages(pages)}; {verdict}")
    return int(bool(findings))


def verify(chosen: argparse.Namespace) -> int:
    """Compare a site with its manifest, and with one that is built anew from this folder.

    Of a site that is named by its address (https://...) all files are fetched that its manifest lists. Where this
    folder is no report, the site is only compared with its manifest. Of each study whose plan was sealed it is said
    when, and what was amended since.
    """
    from surveybook.publish.verify import verify

    for path in sorted(Path.cwd().glob("data/*/plan.yaml")):
        from surveybook.survey.data.package import read_descriptor
        from surveybook.survey.data.plan import read_plan

        if plan := read_plan(path.parent, read_descriptor(path.parent, "study")):
            say(f"plan of {path.parent.name}: {plan.sentence()}")
    return int(not verify(Path.cwd(), chosen.site, say))


def compare(chosen: argparse.Namespace) -> int:
    """Compare what two built sites say: their results and their anchors."""
    from surveybook.publish.comparison import compare_content, read_content

    one, other = read_content(chosen.one), read_content(chosen.other)
    found = compare_content(one, other)
    for difference in found:
        print(f"{difference.kind} {difference.name}: “{difference.old}” and “{difference.new}”")
    print(f"compare: {len(one.results)} results and {len(one.anchors)} anchors; {len(found) or 'none'} of them differ")
    return int(bool(found) or not one.anchors)


def diff(chosen: argparse.Namespace) -> None:
    """Show what changed between two versions: results, anchors, data.

    Both are taken from git and built, each with the tool that it brings along or, without one, with this one.
    """
    from surveybook.publish.changes import diff, record, write_table

    found = diff(Path.cwd(), chosen.old, chosen.new, say)
    print(write_table(found, chosen.old, chosen.new))
    if chosen.record:
        record(Path.cwd(), found, chosen.old, chosen.new)


def publish(chosen: argparse.Namespace) -> None:
    """Prepare the built site for a static host, in a folder of its own."""
    from surveybook.publish.host import publish
    from surveybook.survey.data.simulation.proof import prove_studies

    prove_studies(Path.cwd())
    print(publish(Path.cwd(), Path("site"), chosen.target, say))


def pdf(chosen: argparse.Namespace) -> None:
    """Print the whole built report as one tagged PDF, with the Chromium of the machine, and link it from the site."""
    from surveybook.publish.printing.pdf import link_print, pdf

    root, site = Path.cwd(), Path("site")
    print(pdf(root, site, chosen.target))
    print(link_print(root, site, chosen.target, say))


def anchors(chosen: argparse.Namespace) -> None:
    """Add the addresses of a built site to anchors.lock, so that none of them can be lost later."""
    from surveybook.publish.pages import anchors

    print(f"{anchors.LOCK}: {anchors.add(Path(), chosen.site)} new addresses")


def zenodo(_: argparse.Namespace) -> None:
    """Write .zenodo.json, what Zenodo will say of a release, from CITATION.cff."""
    from surveybook.publish.citing import zenodo

    print(zenodo.write(Path()))


def seal(chosen: argparse.Namespace) -> int:
    """Write size and hash of a study's files into its descriptor, after a change of the data that is meant.

    The study is read first, and nothing is written unless it is as declared; all that is wrong is reported at once. A
    study that is said to be simulated must be what its model draws. Which files are not published as they are is said
    at the end, and what a rule of disclosure withholds.

    With --plan the hypotheses are sealed, which needs no answers yet: the day and a hash of each, and of the codebook,
    go into plan.yaml. From then on a study that differs from it is refused, until the change is an amendment, with
    --reason; the report shows both beside each verdict.
    """
    if chosen.plan or chosen.reason:
        return seal_plans(chosen)
    from surveybook.survey.data.loader import inspect_study, read_study
    from surveybook.survey.data.seal import seal

    wrong = 0
    for name in chosen.study:
        folder = a_study(name)
        if faults := inspect_study(folder, sealed=False)[1].found:
            wrong += len(faults)
            print(*faults, sep="\n", file=sys.stderr)
            continue
        for changed in seal(folder):
            print(f"{name}: sealed {changed}")
        print(f"{name}: complete and as declared")
        tell_of(read_study(folder, Path.cwd()))
    return int(bool(wrong))


def seal_plans(chosen: argparse.Namespace) -> int:
    """Seal the hypotheses of studies, or amendments of them."""
    from surveybook.clock import today
    from surveybook.survey.data.plan import seal_plan

    if not chosen.plan:
        raise Refusal("--reason is that of an amendment of the plan; write --plan before it")
    for name in chosen.study:
        print(f"{name}: {seal_plan(a_study(name), today(), chosen.reason)}")
    return 0


def check_study(chosen: argparse.Namespace) -> int:
    """Report everything that is wrong with a study at once: its descriptor, rows, hypotheses, and chapters.

    Each fault has its file, line, value and remedy. What only follows from another fault is not told. The cells of the
    chapters that import the study are run, with as much of it as is sound. Nothing is written.
    """
    from surveybook.survey.intake.inspection import find_faults
    from surveybook.survey.intake.run import find_package

    wrong = 0
    for name in chosen.study:
        study, found = find_faults(Path.cwd(), name, find_package(Path.cwd()))
        print(*found, sep="\n", end="\n" * bool(found))
        wrong += len(found)
        print(f"{name}: {f'{len(found)} faults' if len(found) > 1 else 'one fault' if found else 'no fault found'}")
        if study and not found:
            tell_of(study)
    return int(bool(wrong))


def study(chosen: argparse.Namespace) -> None:
    """Make a file of answers a study of this report: descriptor, cleaned rows, an example of a hypothesis, chapters.

    Reads .csv, .tsv, .xlsx, .ods, .sav, .dta and .parquet, as the usual tools for surveys export them. For each column
    it guesses kind, answers, their order, missing answers and who was not asked, and writes the reason beside each
    guess; what is doubtful is listed, worst first. Texts, names and dates of single people are left out.

    Run again with the next export it keeps what was changed by hand, and says what is new. With --wave the export is
    the next wave of the same survey: its answers are added in a file of their own, compared with those of before, and
    it is said where the questionnaire moved.
    """
    from surveybook.survey.intake.command import import_study

    wanted = {}
    for told in chosen.kinds:
        heading, divider, kind = told.rpartition("=")
        if not divider:
            raise Refusal(f"--as “{told}”: write the heading of a column, “=”, and a kind")
        wanted[heading] = kind
    for line in import_study(Path.cwd(), chosen.answers, chosen.name, chosen.title, wanted, chosen.wave):
        say(line)


def simulate(chosen: argparse.Namespace) -> None:
    """Draw the responses of a simulated survey anew from its model, and seal them."""
    from surveybook.survey.data.simulation.simulate import simulate

    for name in chosen.study:
        print(simulate(a_study(name)))


def design(chosen: argparse.Namespace) -> int:
    """Simulate a survey many times to learn what it can show, and store the results beside its data."""
    from surveybook.survey.design import command

    folder = a_study(chosen.study)
    if chosen.accept:
        return command.accept(folder, chosen.sample, chosen.workers)
    if chosen.check:
        return command.check(folder, chosen.sample, chosen.workers)
    command.compute(folder, chosen.workers)
    return 0


def render(chosen: argparse.Namespace) -> None:
    """Make the pages of a book as Quarto would, where Quarto cannot be installed.

    A cell may use 120 s of processor time, or LIMIT seconds of the environment; by the clock it may take an hour, or 30
    times LIMIT if that is longer, so that no build fails because the machine is busy.
    """
    from surveybook.processes import end_with_starter
    from surveybook.render.build import build
    from surveybook.render.problems import Refused
    from surveybook.render.progress import Progress

    end_with_starter()
    try:
        with Progress(chosen.quiet) as say:
            made = build(chosen.book, chosen.output, say, chosen.execute, chosen.record, lenient=chosen.lenient)
    except Refused as refused:
        count = len(refused.problems)
        raise Refusal(f"{refused}\n{count} problem{'s' * (count != 1)}; nothing was written") from None
    if not chosen.quiet:
        print(f"{made.pages} pages, {made.figures} figures, {made.tables} tables in {made.seconds:.1f} s: "
              f"{made.output / 'index.html'}")


def hook(chosen: argparse.Namespace) -> None:
    """What Quarto and the renderer run around a render, as _quarto.yml asks them to.

    Before and after it, studies that are said to be simulated must be what their models draw.
    Before it, results that Quarto froze are dropped if data or code have outdated them. After it, labels, citations,
    downloads, search, checksums and policies are put into the pages.
    """
    from surveybook.processes import BUNDLED, end_with_starter
    from surveybook.survey.data.simulation.proof import prove_studies

    end_with_starter()
    root = Path.cwd()
    site = root / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "site")
    prove_studies(root)
    if BUNDLED not in os.environ:  # Quarto, which freezes results
        from surveybook.publish import freeze

        if chosen.when == "after":
            freeze.record(root, site)
        elif dropped := freeze.drop(root, site):
            print(f"stale, so run again: {', '.join(dropped)}")
    if chosen.when == "after":
        from surveybook.publish.finish import finish

        finish(root, site)


def tell_of(study: Study) -> None:
    """Say which rows of a study stay here, and what is withheld."""
    from surveybook.survey.evidence.withheld import advice

    for resource, declared in study.package.resources.items():
        if resource not in study.given_away:
            print(f"{study.id}: the rows of {declared['path']} are not published")
    for line in advice(study):
        print(f"{study.id}: {line}")


def a_study(name: str) -> Path:
    """The folder of a study of this report."""
    return Path.cwd() / "data" / name


def say(line: str) -> None:
    print(line, flush=True)
