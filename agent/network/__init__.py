"""Which backend the station talks to: network profiles, the order to try them in, and the one that worked."""
