"""What waits in each queue."""
