"""The feed, read: every change, once, in one order that is the same for all readers (ADR 0007)."""
