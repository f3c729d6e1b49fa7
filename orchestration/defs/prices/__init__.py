"""Prices: daily bars and corporate actions, from a provider to the landing folder.

Belongs here: providers, what to ask them for, what of the answer is new, and whether it is
fresh. Does not belong here: judging a bar (stale, inverted, missing); that is done in SQL.
"""
