"""The command line's commands that have a file of their own, and what parsers are made of."""
