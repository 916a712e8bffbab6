"""Which chapters of a study are written and listed in the contents of the report, and which stay as they are?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from surveybook.survey.data.study import Study
from surveybook.survey.intake.chapters import FRONT, write_chapters
from surveybook.survey.intake.record import FILE, digest, read_record, write_record
from surveybook.survey.intake.run import SETTINGS, Run


def bring_in_chapters(run: Run, study: Study) -> Iterator[str]:
    """Write each chapter that the author has not changed, list new ones in _quarto.yml, and tell which were kept."""
    before = run.old.written if run.old else {}
    chapters = write_chapters(study, run.package, FRONT in before or not (run.root / FRONT).exists())
    record = read_record(run.folder)
    assert record is not None
    kept = []
    for name, text in chapters.items():
        path = run.root / name
        if name in before and not path.exists():
            record.written[name] = before[name]
            continue  # its author took it out
        if path.exists() and digest(path.read_text(encoding="utf-8")) not in (before.get(name), digest(text)):
            kept.append(name)
            record.written[name] = before.get(name, "")
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        record.written[name] = digest(text)
    settings = run.root / SETTINGS
    new = {name: text for name, text in chapters.items() if name not in {FRONT, *before, *kept}}
    listed = list_chapters(settings.read_text(encoding="utf-8"), run.title, new,
                           [name for name in chapters if name != FRONT])
    if new and listed != settings.read_text(encoding="utf-8"):
        settings.write_text(listed, encoding="utf-8")
        yield f"{run.name}: {len(new)} chapter{'s' * (len(new) > 1)} written and listed in {SETTINGS}"
    missing = [name for name in new if name not in listed]
    if missing:
        yield f"{run.name}: list these in {SETTINGS}, whose chapters could not be found: {', '.join(missing)}"
    if kept:
        yield f"{run.name}: kept as you wrote them: {', '.join(kept)}"
    (run.folder / FILE).write_text(write_record(record), encoding="utf-8")


def list_chapters(settings: str, title: str, paths: Iterable[str], beside: Iterable[str] = ()) -> str:
    """_quarto.yml with the chapters that it does not list yet: each behind that of `beside`, all chapters of the study
    in their order, which comes before it; else in a part of their own, before the references."""
    new = [
        path for path in paths if not re.search(rf"(^|[\s\"'-]){re.escape(path)}([\s\"',\]]|$)", settings, re.MULTILINE)
    ]
    if not new:
        return settings
    lines = settings.split("\n")
    start = next((n for n, line in enumerate(lines) if re.match(r"\s+chapters:\s*$", line)), None)
    if start is None:
        return settings
    indent = len(lines[start + 1]) - len(lines[start + 1].lstrip())
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) >= indent):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    place = next((n for n in range(start + 1, end) if re.match(r"\s*- references\.", lines[n])), end)
    about = next((n for n in range(start + 1, end) if re.search(r"chapters/(data|methods)\.qmd", lines[n])), None)
    if about is not None:  # what is told of all studies comes after them
        place = next((n for n in range(about, start, -1) if re.match(rf"\s{{{indent}}}- ", lines[n])), place)
    space = " " * indent
    own = [path for path in beside if any(path in line for line in lines[start + 1 : end])]
    if own:  # the part is there already
        order = list(beside)
        for path in new:
            before = [one for one in own if order.index(one) < order.index(path)]
            at = next(n for n in range(start + 1, len(lines)) if (before or own)[-1 if before else 0] in lines[n])
            row = lines[at]
            lines.insert(at + bool(before), row[: len(row) - len(row.lstrip())] + f"- {path}")
            own = sorted([*own, path], key=order.index)
        return "\n".join(lines)
    part = [
        f"{space}- part: {json.dumps(title, ensure_ascii=False)}",
        f"{space}  chapters:",
        *(f"{space}    - {path}" for path in new),
    ]
    return "\n".join([*lines[:place], *part, *lines[place:]])
