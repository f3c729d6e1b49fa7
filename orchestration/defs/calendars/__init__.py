"""Trading sessions of every exchange, from exchange_calendars."""
