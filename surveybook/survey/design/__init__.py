"""What can a survey of this size show?  The survey is simulated many times, and the whole plan run each time.

`surveybook design STUDY` draws surveys from the model of data/STUDY/simulation.yaml, as data/STUDY/design.yaml
declares, and stores what came out in data/STUDY/design/. The site reads what is stored (`stored.read_stored`).

| question | file |
|---|---|
| Which surveys are simulated? | scenarios |
| Which hypotheses are true in a model? | relation |
| What comes out of one chunk of surveys? | chunks |
| What does the plan say about each of many surveys? | judgement |
| What does it say about each of many tables? | approximations |
| How often do exact tests say something else? | agreement |
| How often is a relation that just matters called too small? | bounds |
| What is kept of a scenario? | summary |
| How is all of it computed, by many workers? | run |
| What do stored results depend on? | fingerprint |
| Where do they stand, and are they stale? | stored |
| What do they say? | power |
| What does the command do? | command |
"""
