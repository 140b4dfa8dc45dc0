"""The contract in Python: types, inputs, thin fields."""
