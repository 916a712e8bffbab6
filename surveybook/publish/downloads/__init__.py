"""What can be taken along: data and pictures of each figure, studies, results, pages as Markdown."""
