"""The full kill and outage runs: `make chaos` (CONTRACT). Everything runs on this machine and ends by itself."""
