"""Evidence for readers: the figures of each article, judged, as files of a publication."""
