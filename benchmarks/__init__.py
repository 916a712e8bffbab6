"""What is measured, not tested: how fast the site is built, and how often the intervals of the report hold,
and how fast surveys are simulated.

`python -m benchmarks site`, `coverage` and `design`; README.md has the figures of one run of each.
"""
