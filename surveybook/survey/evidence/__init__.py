"""What is known by name, in words, and what follows from it?

| question | file |
|---|---|
| What does a report know, by name? | report |
| Which numbers of a study can stand in a sentence? | findings |
| What do the answers to one question say? | questions |
| What do questions that stand together say? | battery |
| What is there to say about one hypothesis? | passport |
| Do the numbers that a source states agree with its counts? | ledger |
| What do the waves of a survey say in words? | waves |
| What can a survey of this size show? | design |
| What would 100 surveys like this one find? | chances |
| What is withheld of a study? | withheld |
| Where do the sources agree, and what follows? | synthesis |
| Is everything told that such a report must tell? | checklists |
| Who is cited, and where in the book is a section? | sources, sections |
| What must stand beside a figure or a table? | about |
| What does a figure find, in one sentence? | headlines |
"""
