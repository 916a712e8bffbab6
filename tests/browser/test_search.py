"""What a reader who searches finds first, how to move through it and open it, and what is said where nothing is."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect
from project import PAGES, PHONE

from surveybook.publish.pages.search import entries_of
from surveybook.publish.site.page import read_pages

WAYS = ("http", "file")
TERM = "chapters/glossary.html#sec-term-"

# What readers of several kinds type, and where they must be led first: a page, or one section of it
QUERIES = {
    "how many companies were attacked": "chapters/published.html#sec-published-attacks",
    "attacks in the wild": "chapters/published.html#sec-published-attacks",
    "Grosse 2023": "chapters/synthesis.html#sec-relations",
    "Kumar et al.": "references.html",
    "poisoning share": "chapters/attacks.html",
    "which attack is feared most": "chapters/attacks.html",
    "28 organizations": "chapters/organizations.html",
    "who was interviewed": "chapters/organizations.html",
    "do firms secure machine learning": "chapters/practice.html",
    "what percentage do not secure": "chapters/practice.html",
    "start-ups": "chapters/limits.html#sec-missing-groups",
    "limitations of the interviews": "chapters/limits.html",
    "real incidents": "chapters/documented.html#sec-documented-incidents",
    "case studies": "chapters/documented.html",
    "LLM": "chapters/feared.html",
    "AI agents": "chapters/attack-agent-misuse.html",
    "countermeasures": "chapters/feared.html#sec-feared-mitigations",
    "checklist": "chapters/checklist.html",
    "tick list": "chapters/checklist.html",
    "self-assessment": "chapters/checklist.html",
    "list of attacks": "chapters/attack-index.html#sec-attack-index-table",
    "dependency confusion": "chapters/attack-dependencies.html",
    "malicious provider": "chapters/attack-malicious-provider.html",
    "adversarial patch": "chapters/attack-physical-domain.html",
    "does the table add up": "chapters/attacks.html#sec-surplus",
    "SDL": TERM + "security-development-lifecycle",
    "MITRE ATLAS": TERM + "atlas",
    "ATT&CK": TERM + "attack",
    "CVSS score": "chapters/gaps-today.html#sec-gap-vulnerability-scoring",
    "prompt injections": TERM + "prompt-injection",
    "jailbreak": TERM + "prompt-injection",
    "adversarial examples": "chapters/attack-adversarial-examples.html",
    "data poisoning": TERM + "poisoning",
    "backdoored": TERM + "backdoor",
    "model extraction": TERM + "model-stealing",
    "supply chain": TERM + "supply-chain",
    "red team": TERM + "red-teaming",
    "pentest": TERM + "red-teaming",
    "MLaaS": TERM + "machine-learning-as-a-service",
    "power": TERM + "power",
    "sample size": TERM + "power",
    "what is Holm": TERM + "holm",
    "multiple comparisons": TERM + "holm",
    "confidence intervals": TERM + "confidence-interval",
    "margin of error": TERM + "confidence-interval",
    "statistically significant": TERM + "significance",
    "false positives": TERM + "false-alarm",
    "simulated data": TERM + "simulated-data",
    "regulators": "chapters/consequences.html#sec-for-auditors",
    "what should developers do": "chapters/consequences.html#sec-for-developers",
    "incident response": "chapters/gaps-today.html#sec-gap-incident-response",
    "effect size": "chapters/methods.html#sec-sizes",
    "Wilson interval": "chapters/methods.html#sec-wilson",
    "licence": "chapters/data.html#sec-licence",
    "license": "chapters/data.html#sec-licence",
    "download data": "chapters/rebuild.html#sec-reuse",
    "how do I cite this report": "chapters/rebuild.html#sec-citing",
    "reproduce": "chapters/rebuild.html#sec-build-again",
    "who answered the survey": "chapters/respondents.html",
    "limits of the survey": "chapters/survey-limits.html",
    "COREQ": "chapters/reporting-interviews.html#sec-coreq",
    # in whole questions, and in words that the report does not use for it
    "how many companies saw an attack": "chapters/published.html#sec-published-attacks",
    "how common are attacks": "chapters/published.html#sec-published-attacks",
    "are attacks increasing": "chapters/documented.html#sec-documented-years",
    "how many people do I need to ask": "chapters/design.html#sec-how-many",
    "how to protect against model stealing": "chapters/attack-model-stealing.html#sec-attack-model-stealing-defend",
    "prompt injection defence": "chapters/feared.html#sec-feared-mitigations",
    "what defenses do companies use": "chapters/defenses.html#sec-which-defenses",
    "are larger companies attacked more": "chapters/exposure.html#sec-exposure-claims",
    "does training help": "chapters/perception.html#sec-knowledge-perception",
    "knowledge of adversarial ML": "chapters/practice.html#sec-observed",
    "how were interviews analyzed": "chapters/reporting-interviews.html#sec-coreq",
    "errors in the paper": "chapters/ledger.html#sec-sums",
    "pre-registration": "chapters/hypotheses.html#sec-forest",
    "embed a chart": "chapters/rebuild.html#sec-reuse",
    "what should I log": "chapters/gaps-today.html#sec-gap-logging",
    "advice for CISO": "chapters/consequences.html",
    "startups": "chapters/limits.html#sec-missing-groups",
    "SBOM": TERM + "bill-of-materials",
    "p-hacking": TERM + "holm",
    "what is poisoning": TERM + "poisoning",
    # spelled nearly so, or not to the end
    "posioning": TERM + "poisoning",
    "membrship inference": TERM + "membership-inference",
    "membership infer": TERM + "membership-inference",
    # by names of laws, standards, products and techniques, by trades, and with slips
    "EU AI Act": "chapters/gaps-sources.html#sec-gaps-sources-list",
    "NIST AI 100-2": "chapters/attack-index.html#sec-attack-index-sources",
    "OWASP top 10": "chapters/attack-index.html#sec-attack-index-sources",
    "CI/CD": "chapters/gaps-today.html#sec-gap-pipeline-tools",
    "model signing": "chapters/gaps-today.html#sec-gap-pipeline-tools",
    "model card": "chapters/gaps-today.html#sec-gap-transparency-centers",
    "blast radius": "chapters/gaps-today.html#sec-gap-incident-response",
    "digital forensics": "chapters/gaps-today.html#sec-gap-forensics",
    "machine unlearning": "chapters/gaps-today.html#sec-gap-remediation",
    "vulnerability database": "chapters/gaps-today.html#sec-gap-vulnerability-scoring",
    "rate limiting": "chapters/feared.html#sec-feared-mitigations",
    "typosquatting": "chapters/attack-dependencies.html",
    "self-driving cars": "chapters/attack-physical-domain.html",
    "vendor": "chapters/attack-malicious-provider.html",
    "pretrained models": TERM + "supply-chain",
    "LLM security": "chapters/feared.html#sec-feared-new",
    "LLM jailbreak": "chapters/attack-prompt-injection.html",
    "model theft": TERM + "model-stealing",
    "AI security": TERM + "adversarial-machine-learning",
    "biggest threat": "chapters/attacks.html#sec-picks",
    "timeline": "chapters/documented.html#sec-documented-years",
    "Tay chatbot": "chapters/attack-poisoning.html",
    "data leakage": "chapters/published.html#sec-published-concerns",
    "financial sector": "chapters/organizations.html#sec-field",
    "ML frameworks": "chapters/practice.html#sec-build",
    "threat modeling": "chapters/synthesis.html#sec-tensions",
    "p values": TERM + "significance",
    "power analysis": TERM + "power",
    "false discovery rate": "chapters/methods.html#sec-families",
    "response rate": "chapters/reporting-survey.html#sec-aapor",
    "suply chain": TERM + "supply-chain",
    "prompt injecton": TERM + "prompt-injection",
    "adverserial examples": "chapters/attack-adversarial-examples.html",
    # as engineers, auditors, students and journalists ask; written apart, joined, British, and with slips
    "risk assessment": "chapters/consequences.html#sec-for-auditors",
    "do companies protect their AI": "chapters/practice.html#sec-secures",
    "how many respondents do I need": "chapters/design.html#sec-how-many",
    "how many participants": "chapters/design.html#sec-how-many",
    "sample-size calculator": "chapters/design.html#sec-how-many",
    "how big should my survey be": "chapters/design.html#sec-how-many",
    "are ML systems protected": "chapters/practice.html#sec-secures",
    "securing machine learning": "chapters/practice.html",
    "risk management": "chapters/consequences.html#sec-for-auditors",
    "how to assess risk": "chapters/consequences.html#sec-for-auditors",
    "threat modelling": "chapters/synthesis.html#sec-tensions",
    "red-teaming": TERM + "red-teaming",
    "pen testing": TERM + "red-teaming",
    "pen-test": TERM + "red-teaming",
    "promt injection": TERM + "prompt-injection",
    "prompt-injection": TERM + "prompt-injection",
    "data-poisoning": TERM + "poisoning",
    "poisened training data": TERM + "poisoning",
    "back doors": TERM + "backdoor",
    "membership-inference": TERM + "membership-inference",
    "model inversions": TERM + "model-inversion",
    "third party risk": TERM + "supply-chain",
    "MCP servers": "chapters/attack-agent-misuse.html",
    "AI incidents": "chapters/documented.html#sec-documented-incidents",
    "real world examples": "chapters/documented.html#sec-documented-incidents",
    "recent attacks": "chapters/documented.html#sec-documented-years",
    "logging": "chapters/gaps-today.html#sec-gap-logging",
    "audit logs": "chapters/gaps-today.html#sec-gap-logging",
    "what to do after an attack": "chapters/gaps-today.html#sec-gap-incident-response",
    "roll back a model": "chapters/gaps-today.html#sec-gap-remediation",
    "retraining": "chapters/gaps-today.html#sec-gap-remediation",
    "pickle files": "chapters/gaps-today.html#sec-gap-code-analysis",
    "static analysis": "chapters/gaps-today.html#sec-gap-code-analysis",
    "vulnerability scoring": "chapters/gaps-today.html#sec-gap-vulnerability-scoring",
    "AI regulation": "chapters/consequences.html#sec-for-auditors",
    "high-risk AI systems": "chapters/gaps-sources.html#sec-gaps-sources-list",
    "what should regulators do": "chapters/consequences.html#sec-for-auditors",
    "key findings": "index.html",
    "executive summary": "index.html",
    "conclusions": "index.html",
    "statistics on AI attacks": "chapters/published.html#sec-published-attacks",
    "is the data real": "chapters/survey.html#sec-simulated",
    "licencing": "chapters/data.html#sec-licence",
    "anonymised data": "chapters/data.html#sec-few-people",
    "organisation size": "chapters/organizations.html#sec-size",
    "small and medium enterprises": "chapters/organizations.html#sec-size",
    "health care": "chapters/organizations.html#sec-field",
    "confidence intervall": TERM + "confidence-interval",
    # word families, words joined and apart, slips in a word that a synonym has, and what a page is called
    "methodology": "chapters/methods.html",
    "reproducibility": "chapters/rebuild.html#sec-build-again",
    "generalisable": "chapters/limits.html#sec-missing-groups",
    "defences": "chapters/defenses.html",
    "check list": "chapters/checklist.html",
    "samplesize": TERM + "power",
    "pvalue": TERM + "significance",
    "statistical signifcance": TERM + "significance",
    "inferance": TERM + "membership-inference",
    "article 15": "chapters/gaps-sources.html#sec-gaps-sources-list",
    "who was asked": "chapters/organizations.html",
    "changelog": "chapters/changes.html",
    "bibliography": "references.html",
}
NOTHING = ("GDPR", "ransomware", "blockchain", "weather", "pizza", "companions", "compasses", "carpets")
# And what of it is nowhere
PARTLY = {"GDPR compliance": "GDPR", "blockchain poisoning": "blockchain", "poisoning in zzzz": "zzzz"}

# One query after the other on one page: what stands first, what is said, and what of each result is marked and labelled
ASK = """async (queries) => {
  const [input, count, list] = ["#report-search", ".report-search-count", ".report-search-results"]
    .map((s) => document.querySelector(s));
  const found = {};
  for (const query of queries) {
    input.value = query;
    input.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done));  // the index is there, so what was found is shown before
    found[query] = { said: count.textContent, places: [...list.children].map((item) => ({
      href: item.querySelector("a").getAttribute("href").replace(/^(\\.\\.\\/)+/, ""),
      label: item.querySelector(".report-search-label")?.textContent ?? "",
      marked: [...item.querySelectorAll("mark")].map((mark) => mark.textContent.toLowerCase()) })) };
  }
  return found;
}"""


def found(page, *queries: str) -> dict[str, dict]:
    """What each query finds on this page, once the index is there."""
    page.locator("#report-search").fill("report index")
    page.locator(".report-search-count").get_by_text(re.compile(r"\S")).wait_for()
    return page.evaluate(ASK, list(queries))


def test_what_readers_ask_leads_them_first_to_where_the_report_tells_of_it(opened):
    with opened(PAGES[2]) as page:
        answers = found(page, *QUERIES)
    first = {query: (answers[query]["places"] or [{"href": answers[query]["said"]}])[0]["href"] for query in QUERIES}
    wrong = {query: first[query] for query, wanted in QUERIES.items()
             if (first[query] if "#" in wanted else first[query].partition("#")[0]) != wanted}
    assert len(QUERIES) > 40 and wrong == {}


def test_of_what_the_report_does_not_tell_it_says_so_and_shows_what_holds_the_other_words(opened):
    with opened(PAGES[0]) as page:
        answers = found(page, *NOTHING, *PARTLY, "posioning", "advice weather", "embed COREQ")
    for query in NOTHING:
        assert answers[query] == {"said": f"No section about “{query}”.", "places": []}
    for query, nowhere in PARTLY.items():
        assert answers[query]["said"].startswith(f"No section about “{nowhere}”; ")
        assert "with the other words" in answers[query]["said"] and answers[query]["places"]
    assert answers["advice weather"]["said"].startswith("No section about “weather”; ")
    assert answers["embed COREQ"]["said"].startswith("No section about all of “embed COREQ”; ")
    assert len(answers["embed COREQ"]["places"]) > 1
    assert answers["posioning"]["said"].startswith("No section about “posioning”; ")
    assert "with words near it" in answers["posioning"]["said"]


def test_singular_and_plural_british_and_american_find_the_same(opened):
    pairs = {"backdoor": "backdoors", "company": "companies", "hypothesis": "hypotheses", "defence": "defenses",
             "organisation": "organization", "policy": "policies",
             "library": "libraries", "citing": "citation", "attacked": "attack", "modeling": "modelling",
             "back doors": "backdoors"}
    pairs = {f"{one} ": f"{other} " for one, other in pairs.items()}  # words that were typed to their end
    with opened(PAGES[0]) as page:
        answers = found(page, *pairs, *pairs.values())
    for one, other in pairs.items():
        assert answers[one]["places"] and answers[one]["said"] == answers[other]["said"]
        hrefs = [[place["href"] for place in answers[word]["places"]] for word in (one, other)]
        assert hrefs[0] == hrefs[1]


def test_what_was_found_is_marked_and_no_other_word(opened):
    with opened(PAGES[0]) as page:
        answers = found(page, "poisoning", "SDL")
    words = {word for place in answers["poisoning"]["places"] for word in place["marked"]}
    assert "poisoning" in words and words <= {"poisoning", "poisoned", "poison", "poisons"}
    assert {"security", "development", "lifecycle"} <= set(answers["SDL"]["places"][0]["marked"])


def test_simulated_values_are_found_below_others_and_say_so(opened):
    with opened(PAGES[0]) as page:
        places = found(page, "exposure")["exposure"]["places"]
    labels = [place["label"] for place in places]
    assert set(labels) == {"", "Simulated data"} and labels[0] == ""
    assert {place["href"]: place["label"] for place in places}["chapters/exposure.html"] == "Simulated data"


@pytest.mark.parametrize("way", WAYS)
def test_keys_move_through_what_is_found_and_open_it(way, opened, addresses):
    with opened(PAGES[2], way) as page:
        page.keyboard.press("/")
        page.keyboard.type("membership infer")
        links = page.locator(".report-search-results a")
        links.first.wait_for()
        assert "place" in page.locator(".report-search [role=status]").inner_text()
        focused = "document.activeElement.getAttribute('href') ?? document.activeElement.id"
        listed = [link.get_attribute("href") for link in links.all()]
        seen = []
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
            seen.append(page.evaluate(focused))
        assert seen == [listed[0], listed[1], listed[0], "report-search", listed[-1]]
        page.keyboard.press("ArrowDown")
        assert page.evaluate(focused) == listed[0]  # round again
        page.keyboard.press("Enter")
        page.wait_for_url("**#sec-term-membership-inference")
        assert page.url.startswith(addresses[way]) and page.said == []
        assert page.locator(f"[id='{page.url.partition('#')[2]}']").count() == 1


def test_enter_in_the_box_opens_the_first_and_escape_clears_it(opened):
    with opened(PAGES[0]) as page:
        box = page.locator("#report-search")
        box.fill("<i>zzzz</i>")
        page.get_by_text("No section about “<i>zzzz</i>”.").wait_for()
        page.keyboard.press("Escape")
        assert box.input_value() == "" and page.locator(".report-search-results li").count() == 0
        assert not page.locator(".report-search-panel").is_visible()
        box.fill("poisoning")
        page.locator(".report-search-results a").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "report-search" and box.input_value() == ""
        page.keyboard.type("backdoor")
        page.keyboard.press("Enter")
        page.wait_for_url("**#sec-term-backdoor")


def test_an_index_that_comes_late_leads_nobody_to_what_is_no_longer_asked(newcomer):
    with newcomer(PAGES[0]) as page:
        held = []
        page.route("**/search-index.js", lambda asked: held.append(asked))
        page.evaluate("window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true)")
        box = page.locator("#report-search")
        with page.expect_request("**/search-index.js"):
            box.fill("backdoor")
        page.keyboard.press("Enter")
        box.fill("poisoning")
        held[0].continue_()
        expect(page.locator(".report-search-results a").first).to_have_attribute("href", f"{TERM}poisoning")
        assert page.evaluate("window.clicks") == 0
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{TERM}poisoning*")


def test_an_index_that_could_not_be_loaded_is_asked_for_again(newcomer):
    with newcomer(PAGES[0]) as page:
        page.route("**/search-index.js", lambda asked: asked.abort())
        page.locator("#report-search").fill("poisonin")
        page.get_by_text("The search could not be loaded.").wait_for()
        page.unroute_all()
        page.locator("#report-search").fill("poisoning")
        page.locator(".report-search-results a").first.wait_for()


def test_the_panel_is_wide_enough_to_read_lies_over_the_text_and_goes_when_the_reader_goes_on(opened):
    with opened(PAGES[2]) as page:
        before = page.locator("h1").bounding_box()
        page.locator("#report-search").fill("poisoning")
        panel, first = page.locator(".report-search-panel"), page.locator(".report-search-results a").first
        first.wait_for()
        assert panel.bounding_box()["width"] > 600 and page.locator("h1").bounding_box() == before
        place = first.bounding_box()  # nothing of the page is above it
        assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('.report-search') !== null",
                             [place["x"] + place["width"] - 5, place["y"] + 5])
        page.locator("h1").click(position={"x": 5, "y": 5})
        assert not panel.is_visible()
        page.locator("#report-search").focus()
        assert panel.is_visible()


def test_on_a_phone_what_is_found_has_the_whole_width(opened):
    with opened(PAGES[2], viewport=PHONE) as page:
        page.locator("#report-search").fill("who was interviewed")
        page.locator(".report-search-results a").first.wait_for()
        assert page.locator(".report-search-panel").bounding_box()["width"] > 300
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_there_is_no_box_that_does_nothing(opened):
    with opened(PAGES[0], java_script_enabled=False) as page:
        assert not page.locator("#report-search").is_visible()


# --- the index


def test_every_entry_of_the_search_leads_somewhere(site):
    entries = [entry for page in read_pages(site) for entry in entries_of(page)]
    targets = {page.name: page.targets for page in read_pages(site)}
    assert len(entries) > 60 and len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        name, _, fragment = entry["href"].partition("#")
        assert fragment in targets[name] | {""} and entry["title"], entry


def test_the_index_holds_the_synonyms_that_the_chapters_declare(site):
    index = json.loads((site / "search-index.js").read_text(encoding="utf-8").partition("= ")[2].rstrip(";\n"))
    groups = {group[0]: group[1:] for group in index["synonyms"]}
    assert "SDL" in groups["Security Development Lifecycle"] and "companies" in groups["organizations"]
    assert all(groups.values())
    entries = {entry["href"]: entry for entry in index["entries"]}
    assert "copyright" in entries["chapters/data.html#sec-licence"]["synonyms"]
    assert entries[TERM + "power"]["within"].endswith("Numbers")
