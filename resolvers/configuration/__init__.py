"""Configuration kept in a file: what it may say, what stands, what differs, and making it so; one module a purpose."""
