"""Asking by letter: a printable page an invitee with a square to scan and a short code to type."""
