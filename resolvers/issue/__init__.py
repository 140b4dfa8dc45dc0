"""Issues: listing them, and what people do about them; one module a verb."""
