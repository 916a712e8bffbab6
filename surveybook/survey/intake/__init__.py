"""What did people answer in a file that some tool exported?  From the file to a study that the loader takes.

| question | file |
|---|---|
| What does the file hold, as rows of text? | sheet |
| Which letters and separators does a text file have? | delimited |
| What do the cells of a spreadsheet say? | workbooks |
| What do files of statistics programs know? | labelled |
| What does a codebook beside the file know? | codebooks |
| Does a plain table say what columns and codes mean? | dictionaries |
| Which tool wrote it, and which columns are its own record? | tools |
| Which rows name the columns, and which are answers? | exports |
| How do words of an export stand in a report? | wordings |
| What are questions and answers called? | names |
| In which words of the world's languages do people answer? | languages |
| Which place has each answer on its scale? | places |
| Do answers stand on a scale, and which end is lower? | scales |
| What stands in one column of a file? | cells |
| Which cells are no answer, and why? | silence |
| Which cells are numbers or dates, and in which bands? | numbers |
| Which answers allow several options? | options |
| Which columns are parts of one question, though their headings do not say so? | matrices |
| Which columns hold codes of what people wrote? | codes |
| What was decided, why, and how sure is that? | decisions |
| Would a column tell who somebody is? | privacy |
| How are numbers shown? | quantities |
| How can one question be answered? | kinds |
| What did the export ask? | questions |
| Who was not asked a question? | conditions |
| What does the descriptor say? | descriptor |
| Which questions are shown by the answers to which others? | groups |
| Which expectation can stand as an example? | hypotheses |
| Which figures show a question, and which questions stand together? | topics |
| Which pages show the study? | chapters |
| What was written last time, and changed since? | record |
| How does the next export become a wave of its own? | waves |
| How is the next export read where the author changed something? | edits |
| What is read in one run? | run |
| What stands in the study then, guessed or changed? | revision |
| Which chapters are written and listed, and which stay? | contents |
| All of this in one run? | command |
| What is wrong with a study and its chapters, all at once? | inspection |
"""
