"""One module per campaign; each is found by its `CAMPAIGN`."""
