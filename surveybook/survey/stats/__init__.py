"""Is there a difference or a relation, how large, and how sure are we?

Pure functions over counts, tables and vectors; each module answers one family of questions and knows no study,
page or file. Tests hand back a `Tested`, sizes an `Estimate` with its interval; nothing is rounded.

| the two answers | module |
|---|---|
| yes/no by yes/no | binary (tests), odds (ratios and differences) |
| yes/no by ordered or count | ranks (tests), dominance (sizes) |
| ordered by ordered or count | association (tests and sizes), latent (polychoric) |
| nominal by nominal | nominal |
| nominal by ordered | several |
| the same people twice or more | paired |
| one question alone | proportion, multinomial |
| adjusted for others | models |
| coders | agreement |

Across questions: multiplicity, equivalence, bayes, power, resampling, missing. On printed numbers: consistency.
On what may be published: disclosure. On simulated answers: latent, raking.
"""
