"""Help with searches: what may be typed next, and searches that are kept; one module a purpose."""
