"""The doors to the queues."""
