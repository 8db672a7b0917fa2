"""The standing items of a body's agenda, and fetching them into a draft that the body hosts."""
