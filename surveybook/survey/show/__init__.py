"""What does a reader see?  Whatever a chapter can show, by family: each function is called with findings and names.

    figures    alarms bars change choices crossed forest means options ordered power readings scores shares yes
    tables     agreement alarms assumptions change checklist choices claims codebook coders consequences constructs
               counts coverage crossed detectable differences effects exaggeration fields files how_many hypotheses
               illustrations links means missing nothing options ordered passport power questionnaire quotes readings
               relations scores shares sources sums yes
    boxes      part printed share stated unknown whole
    sections   passports

    How does it get into a page?                                display.py
    In which colors and sizes?                                  theme.py, and theme/report.css for light and dark
    What is drawn, from which estimates?                        figures/, a file for each way to draw
    Where do lines, dots and words lie in a drawing?            figures/canvas.py
    How do charts look of what no person answered?              simulation.py
    What do rows and cells say?                                 tables/, a file for each kind of rows
    What is the one number of a chapter?                        boxes.py
    Which sections are there one of for each hypothesis?        sections.py
    Which of these know weights, strata and clusters?           sampled.py

What is shown twice, as a figure and as a table, has one name in both families. A chart is drawn when the site is
finished, by the wing that publishes.
"""
