"""The report: the published marts as a static site that a newsroom can open, send and print."""
