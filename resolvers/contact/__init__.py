"""Where people can be reached, shown by a code, and by which ways they want to be told; one module a purpose."""
