"""What can be taken along?

| question | file |
|---|---|
| What lies beside each figure and table? | companions |
| How does a figure leave its page as a picture? | pictures |
| How do other sites show a figure in a frame? | embeds |
| Which results are there, by name? | results |
| Which files does a study come with? | studies; as a workbook, workbooks |
| What does a page say as Markdown? | twins |
"""
