"""The operator's platform: CPO and eMSP as separate modules."""
