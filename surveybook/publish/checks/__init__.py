"""Is a finished page sound?  The rules, one job a file. A rule yields what is wrong: where, what, what to do.

| question | file |
|---|---|
| Is it built as browsers and screen readers need it? | structure |
| Has everything that is seen words for those who do not see it? | pictures |
| Which addresses are dead, or are asked of another host? | links |
| Does its policy allow what is in it, and nothing more? | policy |
| How much must a reader load? | weight |
| Was a result typed? | prose |
| Do printed shares and intervals follow from the counts beside them? | shares |
| Do printed p follow from the statistics and families beside them? | p_values, with statcheck |
| Does every simulated number say what it is? | evidence |
| Does the site hold anything of a respondent? | respondents |
| Does it tell what a study withholds? | withheld |
| Is what goes to other places sound? | embeds |
| How does a rule say where a fault is? | rule |

Shares, intervals and p are computed here anew, from what is printed alone, and never by the survey's own functions.
"""
