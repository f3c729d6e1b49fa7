"""Formats of article files: one module each, found by its presence in this folder.

A format module has two names:

    SUFFIXES: tuple[str, ...]
    def articles(data: bytes, name: str) -> Iterator[Article]

`articles` reads the bytes of the file of that name and raises `ArticleError` when it cannot be
used. What a file does not state is derived where that is honest and named in `derived_fields`.
"""
