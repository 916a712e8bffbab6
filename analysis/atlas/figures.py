"""What do the documented cases look like?  Bars and tiles of whole counts, incidents apart from exercises.

One case is as long in one bar as in the other, so that they can be compared; no bar has an interval, as nothing was
drawn at random. What only the broad reading adds stands at the end of a bar, in a lighter colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from analysis.atlas import tables
from analysis.atlas.collection import Tally, read_documented
from analysis.atlas.findings import everything, told
from analysis.atlas.kinds import Kind
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures import matrix
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.words import text

INCIDENT, EXERCISE, PICK = theme.MARK, theme.BAR, theme.MIDDLE  # the colours of what is counted
MORE = theme.FILL  # what only the broad reading adds
EDGE = 2  # px around a drawing
BAR, ROW, HEAD = 14, 30, 26  # px: a bar, a row with one, what is above the rows
COLUMN = 12  # px for each case in a column of a year
TILE, HIGH = 11, 30  # px: the numbers in a tile, and how high it is
NUMBER = 30  # px for a number at the end of a bar
LETTERS = 24  # of a line of the name of a kind
NAMES = 200  # px for these names


def years(findings: Findings) -> Figure:
    """How many incidents and exercises were documented in each year: columns that go up for incidents and down for
    exercises."""
    documented, table = read_documented(findings.study), tables.years(findings)
    found = [(year, documented.in_year(year)) for year in documented.years]
    words = "; ".join(f"{year}: {told(tally)}" for year, tally in found)
    most = max(tally.incidents for _, tally in found)
    of = text.listing([str(year) for year, tally in found if tally.incidents == most])
    every = documented.tally(documented.cases)
    finding = f"{told(every)} are documented, and the most incidents, {text.whole(most)}, are of {of}."
    return Figure(*both(lambda wide: _columns(found, wide)),
                  f"{table.name}. Columns of {len(found)} years, incidents above a line and exercises below it.",
                  f"{words}.", table, table.note, text.first_up(finding))


def tactics(findings: Findings) -> Figure:
    """How many incidents and exercises have a step for each tactic: two bars each, on the length of all of them."""
    documented, table = read_documented(findings.study), tables.tactics(findings)
    found = [(name, documented.tally(documented.serving(tactic))) for tactic, name in documented.tactics.items()]
    every = documented.tally(documented.cases)
    words = "; ".join(f"{name}: {tally.incidents} and {tally.exercises}" for name, tally in found)
    most = max(tally.incidents for _, tally in found)
    first = text.listing([f"“{name}”" for name, tally in found if tally.incidents == most])
    finding = f"The most incidents, {most} of {every.incidents}, have a step for {first}."
    return Figure(*both(lambda wide: _tactics(found, every, wide)),
                  f"{table.name}. Two bars for each of {len(found)} tactics, for incidents and for exercises.",
                  f"Incidents, of {every.incidents}, and exercises, of {every.exercises}, with a step for it. {words}.",
                  table, table.note, finding)


def feared(findings: Findings, asked: Findings) -> Figure:
    """How many organizations feared each kind of attack most, beside the incidents and the exercises that show it."""
    (_, found), table = everything(findings, asked), tables.feared(findings, asked)
    words = "; ".join(f"{one.label}: {_picks(one)}, {told(one.strict.tally)}"
                     + (f", under the broad reading {told(one.broad.tally)}"
                        if one.broad.tally != one.strict.tally else "") for one in found)
    return Figure(*both(lambda wide: _feared(found, wide)),
                  f"{table.name}. Three bars for each of {len(found)} kinds: picks, incidents and exercises.",
                  f"{words}.", table, f"{table.note} The lighter end of a bar is what only the broad reading adds.",
                  _feared_and_seen(found))


def _feared_and_seen(found: Sequence[Kind]) -> str:
    """Which kind was picked most, and which has the most incidents under each reading."""
    picks = max(one.picks or 0 for one in found)
    feared = text.listing([f"“{one.label}”" for one in found if one.picks == picks])
    strict, broad = (_most_seen(found, reading) for reading in ("strict", "broad"))
    seen = f"{strict} under both readings" if strict == broad else \
        f"{strict} under the strict reading, {broad} under the broad one"
    return f"{feared} was feared most, and the most incidents show {seen}."


def _most_seen(found: Sequence[Kind], reading: str) -> str:
    most = max(getattr(one, reading).tally.incidents for one in found)
    return text.listing([f"“{one.label}”" for one in found if getattr(one, reading).tally.incidents == most])


def kinds(findings: Findings, asked: Findings) -> Figure:
    """How many incidents and exercises of each year show each kind of attack: tiles, stronger where there are more."""
    (documented, found), table = everything(findings, asked), tables.kinds(findings, asked)
    each = [(one.label, [documented.in_year(year, one.strict.cases) for year in documented.years]) for one in found]
    words = []
    for label, tallies in each:
        by_year = zip(documented.years, tallies, strict=True)
        own = [f"{told(tally)} in {year}" for year, tally in by_year if tally.cases]
        words.append(f"{label}: {text.listing(own) or 'no case'}")
    labels = [str(year) for year in documented.years]
    tiles = [(label, [(tally.cases, tables.pair(tally) if tally.cases else "") for tally in tallies])
             for label, tallies in each]
    return Figure(
        *both(lambda wide: _tiles(tiles, labels if wide else [f"’{label[2:]}" for label in labels], wide)),
        f"{table.name}. Tiles with a row for each of {len(found)} kinds and a column for each of {len(labels)} years.",
        f"{'; '.join(words)}.", table, f"{table.note} “1 + 2”: one incident and two exercises.", _seen(found))


def _seen(found: Sequence[Kind]) -> str:
    """How many kinds have an incident, and how many only exercises or nothing."""
    tallies = [one.strict.tally for one in found]
    seen = sum(tally.incidents > 0 for tally in tallies)
    shown = sum(tally.incidents == 0 and tally.exercises > 0 for tally in tallies)
    return (f"Of {len(found)} kinds of attack, {seen} have a documented incident, {shown} only exercises, and "
            f"{len(found) - seen - shown} no case at all, under the strict reading.")


def phases(findings: Findings, asked: Findings) -> Figure:
    """How many mitigations are named against each kind of attack in each phase of the life cycle: tiles."""
    (_, found), table = everything(findings, asked), tables.phases(findings, asked)
    names = findings.study.package.labels("mitigations", "lifecycle")
    each = [(one.label, [sum(phase in own.phases for own in one.strict.mitigations) for phase in names])
            for one in found]
    words = "; ".join(f"{one.label}: {len(one.strict.mitigations)} in all, "
                     + ", ".join(f"{number} {text.lower(label)}" for number, label in
                                 zip(numbers, names.values(), strict=True))
                     for one, (_, numbers) in zip(found, each, strict=True))
    return Figure(
        *both(lambda wide: _tiles([(label, [(number, text.whole(number) if number else "") for number in numbers])
                                   for label, numbers in each], list(names.values()), wide)),
        f"{table.name}. Tiles with a row for each of {len(found)} kinds and a column for each of {len(names)} phases.",
        f"Mitigations by phase. {words}.", table, table.note, _mitigated(found))


def _mitigated(found: Sequence[Kind]) -> str:
    """Against how many kinds something is named."""
    without = [f"“{one.label}”" for one in found if not one.strict.mitigations]
    if not without:
        return f"ATLAS names mitigations against each of {len(found)} kinds of attack."
    return f"ATLAS names mitigations against {len(found) - len(without)} of {len(found)} kinds of attack, and none " \
           f"against {text.listing(without)}."


def _picks(kind: Kind) -> str:
    return "not on the list" if kind.picks is None else f"{kind.picks} pick{'s' * (kind.picks != 1)}"


def _columns(found: Sequence[tuple[int, Tally]], wide: bool) -> Chart:
    """A column for each year, on both sides of the line on which the years stand."""
    width = theme.WIDE if wide else theme.NARROW
    canvas, column = Canvas(width, EDGE, exact=True), width / len(found)
    up, down = (max(getattr(tally, name) for _, tally in found) for name in ("incidents", "exercises"))
    upper = HEAD + NUMBER + up * COLUMN
    lower = upper + NUMBER
    height = lower + down * COLUMN + NUMBER + HEAD
    gap = column * 0.16
    for number, (year, tally) in enumerate(found):
        left, right, middle = number * column + gap, (number + 1) * column - gap, (number + 0.5) * column
        for count, start, way, fill in ((tally.incidents, upper, -1, INCIDENT), (tally.exercises, lower, 1, EXERCISE)):
            end = start + way * count * COLUMN
            canvas.area(left, min(start, end), right, max(start, end), fill)
            if count:
                canvas.text(middle, end + way * 10, text.whole(count), size=theme.SMALL, align="center")
        canvas.text(middle, (upper + lower) / 2, str(year) if wide else f"’{year % 100:02}", size=theme.SMALL,
                    color=theme.MUTED, align="center")
        canvas.band(number, number * column, 0, (number + 1) * column, height)
    canvas.text(0, 10, "Incidents: somebody was attacked", size=theme.SMALL, bold=True, color=INCIDENT)
    canvas.text(0, height - 10, "Exercises: it was shown that it can be done", size=theme.SMALL, bold=True,
                color=theme.MUTED)
    return canvas.drawn(height)


def _tactics(found: Sequence[tuple[str, Tally]], every: Tally, wide: bool) -> Chart:
    """A row for each tactic; its name at the left, or above the bars on a narrow page. Behind each bar lies the length
    of all cases of its kind."""
    width, left = (theme.WIDE, 168) if wide else (theme.NARROW, 0)
    canvas, drop = Canvas(width, EDGE, exact=True), 0 if wide else theme.LEADING
    unit = (width - left - 2 * NUMBER - 16) / every.cases
    starts = (left, left + every.incidents * unit + NUMBER + 16)
    row = ROW - 4 + drop
    for start, words, color in zip(starts, (f"Of {every.incidents} incidents", f"Of {every.exercises} exercises"),
                                   (INCIDENT, theme.MUTED), strict=True):
        canvas.text(start, 10, words, size=theme.SMALL, bold=True, color=color)
    for number, (name, tally) in enumerate(found):
        top = HEAD + number * row
        y = top + drop + (row - drop) / 2
        canvas.text(0, y if wide else top + theme.LEADING / 2, name)
        for start, count, total, fill in zip(starts, (tally.incidents, tally.exercises),
                                             (every.incidents, every.exercises), (INCIDENT, EXERCISE), strict=True):
            canvas.area(start, y - BAR / 2, start + total * unit, y + BAR / 2, theme.STEPS[0])
            canvas.area(start, y - BAR / 2, start + count * unit, y + BAR / 2, fill)
            canvas.text(start + total * unit + 6, y, text.whole(count), size=theme.SMALL)
    canvas.rows(HEAD, row, len(found))
    return canvas.drawn(HEAD + len(found) * row)


def _feared(found: Sequence[Kind], wide: bool) -> Chart:
    """A row for each kind; its name at the left, or above the bars on a narrow page. Kinds that were not on the list
    stand apart."""
    width, left = (theme.WIDE, NAMES) if wide else (theme.NARROW, 0)
    canvas, letters = Canvas(width, EDGE, exact=True), LETTERS if wide else 44
    bars = [((one.picks or 0, one.picks or 0), *((getattr(one.strict.tally, name), getattr(one.broad.tally, name))
                                                 for name in ("incidents", "exercises"))) for one in found]
    longest = [max(row[place][1] for row in bars) for place in range(3)]
    room = [NUMBER + (18 if any(row[place][0] != row[place][1] for row in bars) else 0) for place in range(3)]
    unit = (width - left - sum(room)) / sum(longest)
    starts = [left + sum(room[:place]) + sum(longest[:place]) * unit for place in range(3)]
    heads = (("Picks", "Incidents", "Exercises"), (theme.MUTED, INCIDENT, theme.MUTED), (PICK, INCIDENT, EXERCISE))
    for start, words, color in zip(starts, *heads[:2], strict=True):
        canvas.text(start, 10, words, size=theme.SMALL, bold=True, color=color)
    names = [wrap(one.label, letters) for one in found]
    lines, top = max(map(len, names)), float(HEAD)
    row, drop = (max(ROW, 8 + lines * theme.LEADING), 0) if wide else (ROW + theme.LEADING, theme.LEADING)
    for number, (one, name, own) in enumerate(zip(found, names, bars, strict=True)):
        if not one.listed and found[number - 1].listed:
            canvas.rule(0, top + 6, width, top + 6, theme.MUTED)
            canvas.text(0, top + 22, "Not on the list:", size=theme.SMALL, bold=True, color=theme.MUTED)
            top += 34
        y = top + drop + (row - drop) / 2
        canvas.text(0, y - (len(name) - 1) * theme.LEADING / 2 if wide else top + theme.LEADING / 2 + 2, name)
        for start, (strict, broad), fill, place in zip(starts, own, heads[2], range(3), strict=True):
            if place == 0 and one.picks is None:
                continue
            canvas.area(start, y - BAR / 2, start + strict * unit, y + BAR / 2, fill)
            if broad > strict:
                canvas.area(start + strict * unit, y - BAR / 2, start + broad * unit, y + BAR / 2, MORE, fill,
                            strokeWidth=1)
            words = text.whole(strict) if strict == broad else f"{text.whole(strict)} to {text.whole(broad)}"
            canvas.text(start + broad * unit + 5, y, words, size=theme.SMALL, color=theme.INK if broad else theme.MUTED)
        canvas.band(number, 0, top, width, top + row)
        top += row
    return canvas.drawn(top)


def _tiles(found: Sequence[tuple[str, Sequence[tuple[int, str]]]], titles: Sequence[str], wide: bool) -> Chart:
    """A row of tiles with words, stronger where the number is larger; its name at the left, or above the row on a
    narrow page."""
    width, left = (theme.WIDE, NAMES) if wide else (theme.NARROW, 0)
    canvas, column = Canvas(width, EDGE, exact=True), (width - left) / len(titles)
    top = matrix.titles(canvas, titles, left, column)
    most = max(number for _, row in found for number, _ in row) or 1
    for label, row in found:
        name = wrap(label, LETTERS) if wide else [label]
        high = HIGH if wide else HIGH + theme.LEADING + 2
        high = max(high, 8 + len(name) * theme.LEADING) if wide else high
        y = top + high - HIGH / 2 - 1 if not wide else top + high / 2
        canvas.text(0, y - (len(name) - 1) * theme.LEADING / 2 if wide else top + theme.LEADING / 2 + 1, name)
        tall = (high if wide else HIGH) / 2 - 1.5
        for place, (count, words) in enumerate(row):
            x = left + place * column
            step = 0 if not count else min(len(theme.STEPS) - 1, 1 + int((count - 1) * (len(theme.STEPS) - 1) / most))
            canvas.area(x + 1, y - tall, x + column - 1, y + tall, theme.STEPS[step])
            canvas.text(x + column / 2, y, words if wide else words.replace(" ", ""),
                        size=theme.SMALL if wide else TILE, color=theme.ON_STEPS[step], align="center")
            canvas.band(len(canvas.bands), x, y - tall, x + column, y + tall)
        top += high
    return canvas.drawn(top)
