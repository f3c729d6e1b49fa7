"""Aftershock: the market-event warehouse."""
