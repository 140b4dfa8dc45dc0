"""Process 2, the worker: what is done again and again, and when."""
