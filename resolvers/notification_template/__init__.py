"""Templates: the words that administrators give to messages, and how those look."""
