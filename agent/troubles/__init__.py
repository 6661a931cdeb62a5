"""What is wrong with the station now, since when, and what somebody who stands before it can do."""
