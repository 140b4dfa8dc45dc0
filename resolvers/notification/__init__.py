"""From "somebody should know" to their mailbox: the outbox, what a message says, its delivery, and asking about it."""
