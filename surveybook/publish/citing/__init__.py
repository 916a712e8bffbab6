"""How the report and its parts are cited, and what pages tell programs of them."""
