"""What is a share of a group, and how sure are we?  Pure functions over counts.

| question | file |
|---|---|
| What share gave an answer, and how far off could it be? | share |
| How are the answers to a question distributed? | distribution |
| Could all answers be equally frequent? | equality |
| What if the counts are read in another way? | sensitivity |
| Which counts must be withheld? | suppression |
| Which answers are put together, so that a cross table can be shown? | recoding |
| How far off is a share of people who had unequal chances to be asked? | weighting, weighted |
"""
