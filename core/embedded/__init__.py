"""The PostgreSQL and the Valkey that come along, as children of this process that do not outlive it."""
