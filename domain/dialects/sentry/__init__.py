"""What Sentry's SDKs send: envelopes, the events in them, and the forms that older ones used."""
