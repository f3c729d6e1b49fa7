"""Alerts: what a person must hear of, told once, to one sink."""
