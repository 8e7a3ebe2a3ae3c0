"""Rules and value types: no I/O, clock, web or database."""
