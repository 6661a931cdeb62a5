"""What drivers are shown: the backend's messages, and what the station itself has to tell them."""
