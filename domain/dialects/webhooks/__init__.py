"""What the error handlers of frameworks send to an address that they were given, one module for each kind."""
