"""What is true: data in; estimates, tests, figures, tables and findings out."""
