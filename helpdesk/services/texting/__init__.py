"""By which way a citizen can be written to, and what short messages may cost: numbers, windows, opt-outs, limits."""
