"""The language in which people search: its grammar, what its terms mean, and words; one module a purpose."""
