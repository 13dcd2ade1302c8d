"""When, in what order, how often: the flows, the HTTP client and the command line."""
