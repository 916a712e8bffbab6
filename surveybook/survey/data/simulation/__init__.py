"""Which answers does the model of a simulated survey give?

| question | file |
|---|---|
| What is assumed, and is it whole? | assumptions |
| How are answers drawn from it? | latents |
| How do they stand in the file of responses? | rows |
| Are the responses of a study those that its model draws? | proof |
| How are they drawn anew? | simulate |
"""

FILE = "simulation.yaml"
