"""What is put into pages for those who read them: labels, search, links, the theme, a policy."""
