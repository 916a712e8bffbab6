"""What can a survey of this size show?  The survey is simulated many times, and the whole plan run each time.

`surveybook design STUDY` draws surveys from the model of data/STUDY/simulation.yaml, as data/STUDY/design.yaml
declares, and stores what came out in data/STUDY/design/. The site reads what is stored (`results.read_design`).
"""
