"""Answers to messages without a login: by a link in a mail, a button in Slack, a text message; one module a purpose."""
