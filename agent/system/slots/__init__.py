"""Where firmware is installed: two places, of which one runs while the other is written."""
