"""Events in files: what the database keeps no longer, read back, and freed of people who are to be erased.

Only `confirmed` is for the API and the worker; all else needs more memory than they have, and runs as a command.
"""
