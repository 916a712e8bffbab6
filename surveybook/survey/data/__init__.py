"""What was asked, of whom, and what did they answer?  The folders of data/, checked.

| question | file |
|---|---|
| Is a file of YAML as its schema has it? | schema |
| Is every file as the descriptor declares it? | package |
| Is every cell of a table? | table; of Parquet, parquet |
| What was asked, and how can it be answered? | codebook |
| What did each respondent answer? | responses |
| How did people come into the sample? | sampling |
| What did people answer in earlier waves? | waves |
| What of the questionnaire moved between waves? | questionnaire |
| How did answers change from wave to wave? | change |
| Which codes did coders give to what people wrote? | coding |
| Which words of people may be shown? | quotes |
| How often was each pair of answers given? | crossing |
| Of whom is a share taken? | denominators |
| How did each group answer? | grouping |
| Which numbers do answers on a scale stand for? | scale |
| What may be shown of people's answers? | disclosure |
| Which sums tie the counts that are told? | sums |
| What was expected before the data were read? | hypotheses |
| What of that was sealed, and amended since? | plan |
| Which answers does the model of a simulated survey give? | simulation |
| Which files may be given away row by row? | publication |
| What do published counts say? | counts |
| What does a number in the text of a source count? | claims |
| What was collected, of whom nobody was asked? | collection |
| All of this as one study? | study |
| In which order is it read, and what is wrong with it? | loader |
| How are size and hash of the files declared anew? | seal |
"""

from collections.abc import Mapping
from typing import Any

# Resources that are known by name: a row for each respondent; published counts; numbers that a source states
RESPONSES, COUNTS, CLAIMS = "responses", "counts", "claims"
DESCRIPTOR = "datapackage.yaml"  # of a folder of data/
WAVES = "waves"  # the key that names the responses of earlier waves


def answered(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    """The resources that have a row for each respondent: the responses, after those of earlier waves."""
    waves = descriptor.get(WAVES)
    files = waves.get("files") if isinstance(waves, dict) else None
    told = [one.get("resource") for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    return (*(one for one in told if isinstance(one, str) and one != RESPONSES), RESPONSES)
