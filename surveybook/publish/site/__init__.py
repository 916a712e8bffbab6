"""What a site holds: its pages and their parts, what they say, and where their links lead."""
