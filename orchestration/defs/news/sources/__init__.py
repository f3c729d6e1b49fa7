"""News sources: one module each, found by its presence in this folder.

A source module has one function:

    def articles(settings: Settings) -> Iterable[Article | Rejected]

It yields what it can read, yields `Rejected` for what it cannot, and raises `OSError` when it
cannot be reached at all. The module's name is the `provider` of what it lands.
"""
