"""What can be typed, and what does it mean?  The pages of docs/reference/: `python -m docs.reference` writes them.

Words are read where they are defined: help texts, docstrings, schemas. A thing without words is refused.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import analysis.figures
import analysis.tables
from docs import declarations, names
from docs.words import anchor, table, words_of
from surveybook.cli import parser
from surveybook.publish import check
from surveybook.survey.evidence.report import Report
from surveybook.survey.show import boxes, sections

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
TOOL = "surveybook."
FAMILIES: Mapping[str, ModuleType] = {
    "figures": analysis.figures, "tables": analysis.tables, "boxes": boxes, "sections": sections,
}
MADE = "<!-- made by `python -m docs.reference` from the words beside the code; change them there -->"


def pages() -> dict[str, str]:
    """The text of each page by its name. Raises Wordless for the first public thing that has no words."""
    made = {
        "commands.md": ("Commands", commands()), "functions.md": ("What a chapter calls", functions()),
        "names.md": ("Names of findings", names.page(ROOT)), "declarations.md": ("Files of data/", declarations.page()),
        "checks.md": ("What the check asks for", checks()),
    }
    listed = table(("page", "what it lists"), ([f"[{name}]({name})", title] for name, (title, _) in made.items()))
    made["README.md"] = ("Reference", iter(["Every public thing, with the words that it has in the code.", listed]))
    return {name: "\n\n".join([f"# {title}", MADE, *parts]) + "\n" for name, (title, parts) in made.items()}


def commands() -> Iterator[str]:
    """Every command with its arguments, from the help that `surveybook COMMAND --help` prints."""
    whole = parser()
    yield from (words_of("surveybook", whole.description), f"```\n{words_of('surveybook', whole.epilog)}\n```")
    (choices,) = (action for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    yield table(("command", "what it does"), (
        [f"[`surveybook {one.dest}`](#{anchor(f'surveybook {one.dest}')})", words_of(one.dest, one.help)]
        for one in choices._choices_actions))
    for name, command in choices.choices.items():
        arguments = [one for one in command._actions if not isinstance(one, argparse._HelpAction)]
        yield f"## surveybook {name}"
        yield f"`{' '.join(['surveybook', name, *map(usage, arguments)])}`"
        yield words_of(f"surveybook {name}", command.description)
        if arguments:
            yield table(("argument", "what it is"), (
                [f"`{argument(one)}`", words_of(f"{name} {argument(one)}", one.help and one.help % vars(one))]
                for one in arguments))


def argument(action: argparse.Action) -> str:
    """How an argument is written: “--port PORT”, or “SITE”."""
    value = "|".join(map(str, action.choices)) if action.choices else action.metavar or action.dest.upper()
    return " ".join([", ".join(action.option_strings), value][:1 if action.nargs == 0 else 2]).strip()


def usage(action: argparse.Action) -> str:
    """An argument with what says that it may be left out or given again."""
    more = "..." if action.nargs in ("+", "*") else ""
    return f"{argument(action)}{more}" if action.required else f"[{argument(action)}{more}]"


def functions() -> Iterator[str]:
    """Every function that a chapter can call, by family, and the report that chapters import from."""
    yield ("The first cell of a chapter imports what it uses: `from analysis import figures, interviews, tables`. The "
           "findings of a study, such as `interviews`, are the first argument of figures and tables; their names are a "
           "page of [their own](names.md).")
    for family, module in FAMILIES.items():
        yield f"## {family}"
        yield " · ".join(f"[{name}](#{anchor(f'{family}.{name}')})" for name in public(module))
        for name, function in public(module).items():
            yield f"### {family}.{name}"
            yield f"`{family}.{name}{signature(function)}`"
            yield words_of(f"{family}.{name}", inspect.getdoc(function))
            if called := example(f"{family}.{name}("):
                yield f"For instance `{called}`."
            if not function.__module__.startswith(TOOL):
                yield "Only this report has it."
    yield "## Report"
    yield words_of("Report", inspect.getdoc(inspect.getmodule(Report)))
    own = {name: member for name, member in vars(Report).items() if name[0] != "_" and inspect.getdoc(member) != ""}
    yield table(("name", "what it is"), (
        [f"`{name}{signature(member) if callable(member) else ''}`", words_of(f"Report.{name}", inspect.getdoc(member))]
        for name, member in own.items()))


def public(module: ModuleType) -> dict[str, Callable]:
    """The functions of a family by name: those that `__all__` lists, or that are made in it; sorted."""
    return {name: value for name, value in sorted(vars(module).items())
            if name[0] != "_" and inspect.isfunction(value)
            and (value.__module__ == module.__name__ or not hasattr(module, "dataclass"))}


def signature(function: Callable) -> str:
    """How a function is called, with types as they are written."""
    found = [one for one in inspect.signature(function).parameters.values() if one.name != "self"]
    return f"({', '.join(str(one).replace(repr(one.annotation), str(one.annotation)) for one in found)})"


def example(call: str) -> str:
    """The shortest call of a function in the chapters, or nothing."""
    found = [" ".join(one.split()) for path in (ROOT / "index.qmd", *(ROOT / "chapters").glob("*.qmd"))
             for one in re.findall(rf"^{re.escape(call)}[^`]*?\)$", path.read_text(encoding="utf-8"), re.MULTILINE)]
    return min(found, key=lambda one: (len(one), one), default="")


def checks() -> Iterator[str]:
    """Every rule of `surveybook check`, from the first paragraph of its docstring."""
    yield ("`surveybook check` and `surveybook build` hold a site to these rules; a build that breaks one leaves the "
           "last good site as it is. What is found names the page, the place on it, what is wrong and what to do. The "
           "same rules hold whichever builder made the pages.")
    yield table(("rule", "what must hold", "file"), (
        [rule.__name__.replace("_", " "),
         words_of(f"{rule.__module__}.{rule.__name__}", (inspect.getdoc(rule) or "").partition("\n\n")[0]),
         f"`{rule.__module__.replace('.', '/')}.py`"] for rule in rules()))


def rules() -> list[Callable]:
    """What yields faults of a page or of a whole site: all that the check knows."""
    whole = [value for value in vars(check).values() if inspect.isgeneratorfunction(value)
             and re.search("Fault|Finding", str(value.__annotations__["return"]))]
    return [*check.RULES, *sorted(whole, key=lambda rule: (rule.__module__, rule.__name__))]


def main() -> None:
    """Write the pages, and remove those that are no more."""
    made = pages()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
