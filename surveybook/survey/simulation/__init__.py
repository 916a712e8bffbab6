"""Which answers does the model of a simulated survey give?

| question | file |
|---|---|
| What is assumed, and is it whole? | assumptions |
| How are answers drawn from it? | latents |
| How do they become the file of responses? | simulate |
"""
