"""One folder per system; every module below is found by its place, none is listed."""
