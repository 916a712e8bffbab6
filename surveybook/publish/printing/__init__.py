"""The whole report on paper: one page made of all, and the PDF that Chromium prints of it."""
