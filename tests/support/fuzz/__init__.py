"""What strangers send, made up without end: the inputs of every dialect, and what must be true of each report.

The tests take a few of them, `python -m bench fuzzing` ten thousand a dialect.
"""
