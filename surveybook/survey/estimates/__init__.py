"""What is a share of a group, and how sure are we?  Pure functions over counts.

| question | file |
|---|---|
| What share gave an answer, and how far off could it be? | share |
| How are the answers to a question distributed? | distribution |
| Could all answers be equally frequent? | equality |
| What if the counts are read in another way? | sensitivity |
| Which counts must be withheld? | suppression |
"""
