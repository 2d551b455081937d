"""What we need from outside, in our words: protocols without bodies, the gateway record, the errors."""
