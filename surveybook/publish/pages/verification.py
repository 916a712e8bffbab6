"""How does a reader verify the site without any tool?  A page that hashes every file of it in the browser.

theme/verify.js compares each with what the manifest lists. That works on the web; of a folder browsers read no files,
and the page says so. A book without CITATION.cff is no edition, and has no such page.
"""

from __future__ import annotations

from surveybook.publish.manifest import NAME
from surveybook.publish.pages.frame import VERIFY, framed
from surveybook.publish.site.edition import Edition, Trait, step

BODY = f"""<p>The file <a href="{NAME}">{NAME}</a> lists every file of this site with its size and its hash (SHA-256).
Your browser can fetch each of them, hash it, and say whether it is as published.</p>
<div id="verify-copy" data-manifest="{NAME}">
<p><button type="button" class="verify-start needs-scripts">Verify every file</button></p>
<p class="verify-told" role="status">Without scripts, <code>surveybook verify</code> with the address of this site
does the same.</p>
<ul class="verify-found"></ul>
</div>
<p>This shows that no file was damaged or exchanged by itself.
Whoever can change all of them can change the list, too:
compare the hash of the list with that of another copy, or build the report anew.</p>
"""


@step(needs=[Trait.INDEX, Trait.TWINS, Trait.ADDRESSES], adds=[Trait.VERIFICATION])
def add_verification(edition: Edition) -> None:
    """Add the page, in the frame of the book's first one."""
    if edition.report is not None:
        framed(edition, VERIFY, "Verify", BODY, "Verify this copy")
