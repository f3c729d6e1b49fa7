"""The tables a person edits: their schema, their validation and their landing assets."""
