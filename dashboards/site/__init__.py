"""The static site of a release: pages that open from a folder, without a server and without the network."""
