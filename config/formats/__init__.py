"""How dates are written, where Django's own way is not the one Nordic readers of the language expect."""
