"""The list of coming public events that a municipality shows inside its own web site, and who may show it."""
