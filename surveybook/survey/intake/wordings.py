"""How do words of an export stand in a report?  Without markup and stray spaces, in a length that fits."""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable

TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)
INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|sup|sub|small|big|mark)\b[^<>]*>", re.IGNORECASE)
HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
STROKES = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe"})
# “3. ”, “Q12: ”, “3、” before the words of a question
NUMBERING = re.compile(
    r"^(?:Q|Frage|Question|Pregunta|Vraag)?\s?\d{1,3}[a-z]?(?:[、．]\s*|\s*[.:)]\s+)(?=[^\W\d])",
    re.IGNORECASE)
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
CODED = re.compile(r"(?<![\w$.])(\d{1,2})\s*[:=]\s*(.+?)(?=[,;)\]]*\s*(?<![\w$.])\d{1,2}\s*[:=]|[;)\]]|$)")
JOINED = re.compile(r"[A-Z]?[a-z]+([A-Z][a-z]+)+")
LEAST_JOINED = 4
SMALL = NUMBER_WORDS.split()
PLACES = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
          "eleventh", "twelfth"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
LAST = re.compile(r"-?oth(er)?\b|(another|something else|none|nothing|no one|keine?s?|nichts|andere[rs]?|aucune?|autre|"
                  r"ningun[oa]|otr[oa]s?)\b")


def clean(words: str) -> str:
    """Words on one line, without markup, letters that nobody sees, and spaces at the ends."""
    if "<" in words or "&" in words:
        words = html.unescape(TAG.sub(" ", INLINE.sub("", HIDDEN.sub(" ", words))))
    if not words.isascii():
        words = words.translate(UNSEEN)
    words = "".join(letter if letter.isprintable() else " " for letter in words) if not words.isprintable() else words
    return " ".join(words.split())


def fold(words: str) -> str:
    """What of an answer makes it this answer: not its case, spaces, kinds of quotes and dashes, or last stop."""
    words = words.casefold().replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-")
    return " ".join(words.split()).rstrip(".!;:, ")


def alphabetic(answer: str) -> tuple[bool, str, str]:
    """What answers without an order are sorted by: by how many gave them would rank those whose counts are withheld.
    “Other” and “None” come last."""
    return bool(LAST.match(bare(fold(answer)))), bare(answer), answer


def bare(words: str) -> str:
    """Small letters without accents: “Plutôt” and “plutot”, “Płeć” and “plec” are one word."""
    words = words.casefold()
    if words.isascii():
        return words
    letters = unicodedata.normalize("NFKD", words).translate(STROKES)
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def plain(words: str) -> str:
    """What is compared with the words that are known: folded, without accents, strokes and commas."""
    return " ".join(re.sub(r"\.(?!\d)|[/,;_\-–—«»“”\"()،、，]+", " ", bare(fold(words))).split())


def spellings(counts: Counter[str]) -> dict[str, str]:
    """The words of each answer that is written in several ways, by the most frequent of them; words alone that
    differ in case, spaces or the stop at the end."""
    alike: dict[str, list[str]] = {}
    for word in counts:
        alike.setdefault(fold(word), []).append(word)
    return {word: max(ways, key=lambda way: (counts[way], way)) for ways in alike.values() for word in ways}


def in_words(name: str) -> str:
    """“text while driving” of “text_while_driving” or “text.while.driving”, “Years of smoking” of “YEARS OF SMOKING”;
    any other words as they are."""
    if name.isupper() and len(name.split()) > 2:
        return name.capitalize()
    return re.sub(r"[_.]+", " ", name).strip() if re.fullmatch(r"[A-Za-z]\w*([_.]\w+)+", name) else name


def divide_names(names: Iterable[str]) -> dict[str, str]:
    """“Marital status” of “MaritalStatus”, where several names are written so and none has a blank: one alone may be
    that of a product."""
    names = list(names)
    joined = [one for one in names if JOINED.fullmatch(one)]
    if len(joined) < LEAST_JOINED or any(" " in one for one in names):
        return {}
    return {one: re.sub(r"(?<=[a-z])[A-Z]", lambda found: f" {found[0].lower()}", one) for one in joined}


def words_of_codes(heading: str) -> tuple[str, dict[str, str]]:
    """A heading that says what its codes mean, “Sex 0: male, 1: female”, without that, and the word of each code."""
    found = list(CODED.finditer(heading))
    words = {one[1]: one[2].strip().rstrip(",;") for one in found}
    if len(found) < 2 or len(words) < len(found) or not all(words.values()):
        return heading, {}
    return heading[: found[0].start()].rstrip(" ,;:(["), words


def shorten(words: str, most: int = 72) -> str:
    """Words in at most so many letters, cut between two words."""
    words = words.strip().rstrip(":").strip()
    return words if len(words) <= most else textwrap.shorten(words, most, placeholder=" …")


def stem_and_item(words: str) -> tuple[str, str]:
    """A heading in two: the question, and the part of it that this column is about; that is empty where there is none.

    “Question [Item]” is how LimeSurvey and Google write it, “Question - Item” Qualtrics, “group/item” KoboToolbox.
    """
    if found := re.fullmatch(r"(.+?)\s*\[([^\[\]]+)\]", words, re.DOTALL):
        return found[1].strip(), found[2].strip()
    words = re.sub(r"\s+[-–—]\s+Selected Choice$", "", words)
    words = words if words_of_codes(words)[1] else NUMBERING.sub("", words)
    if found := re.fullmatch(r"(.+[?:.…)])\s+[-–—]\s+(?:Selected Choice\s*(?:[-–—]\s*)?)?(.*)", words, re.DOTALL):
        return found[1].strip(), found[2].strip()
    return words, ""


def spelled(words: str) -> str:
    """Words without a digit, so that they can head a section: numbers up to 999 in words, larger ones as “…”."""

    def number(found: re.Match[str]) -> str:
        digits = found[0].replace(",", "")
        if len(digits) <= 3:
            return _in_words(int(digits))
        return _year(int(digits)) if len(found[0]) == 4 and 1100 <= int(digits) < 2100 else "…"

    if names := re.split(r"(\b[A-Z][A-Za-z]{0,3}\d{1,3}[A-Za-z]?\b)", words)[1::2]:  # “Q1” is the name of a question
        parts = re.split(r"\b[A-Z][A-Za-z]{0,3}\d{1,3}[A-Za-z]?\b", words)
        return "".join(spelled(part) + name for part, name in zip(parts, [*names, ""], strict=True))
    words = re.sub(r"\b(\d|1[0-2])(st|nd|rd|th)\b", lambda found: PLACES[int(found[1])], words, flags=re.I)
    words = re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", words)
    return re.sub(r"\d+(?:,\d{3})*", number, words)


def _in_words(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{SMALL[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{SMALL[hundreds]} hundred" + (f" and {_in_words(rest)}" if rest else "")


def _year(number: int) -> str:
    """“nineteen eighty-four”, “two thousand and five”, “twenty fourteen”."""
    century, rest = divmod(number, 100)
    if century == 20 and rest < 10:
        return "two thousand" + (f" and {_in_words(rest)}" if rest else "")
    return f"{_in_words(century)} {_in_words(rest) if rest >= 10 else f'oh-{_in_words(rest)}' if rest else 'hundred'}"


def quoted(words: Iterable[str], most: int = 4) -> str:
    """“a”, “b” and 3 more."""
    words = list(words)
    told = ", ".join(f"“{shorten(word, 40)}”" for word in words[:most])
    return told if len(words) <= most else f"{told} and {len(words) - most} more"
