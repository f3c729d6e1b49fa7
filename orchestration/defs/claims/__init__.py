"""Claims: what an article says of a company or an index, found by words and never computed."""
