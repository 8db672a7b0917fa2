"""Events that come again by a rule: each is a row of its own, and calendars read them as one (ADR 30)."""
