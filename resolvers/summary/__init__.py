"""The daily summary: who is to be told, what happened in what they may see, and one mail for each."""
