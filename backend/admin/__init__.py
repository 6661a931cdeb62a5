"""What the operator administers: stations, tokens, tariffs; and a look at the CDRs."""
