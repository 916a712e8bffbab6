"""What turns the book into a site that can be trusted: the choice of a builder, the checks, the swap."""
